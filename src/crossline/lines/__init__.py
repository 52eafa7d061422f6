"""The line register: brands, numbers over time, roles and status, as a viewer sees them."""
