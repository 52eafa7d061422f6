# Every developer's line, each once. `./crossline test` runs check, unit and journey; `.ci/run` runs that and the demonstration.
# `just` itself comes with the development environment: .venv/bin/just

set positional-arguments

export PYTHONPATH := justfile_directory() / "src"

bin := quote(env("CROSSLINE_ENV", justfile_directory() / ".venv")) / "bin"

# this list
default:
    @{{bin}}/just --list

# whatever a machine can find fault with; changes nothing
check:
    {{bin}}/ruff check .
    {{bin}}/ruff format --check .
    {{bin}}/mypy
    {{bin}}/lint-imports
    {{bin}}/codespell

# put right what a machine can put right
fix:
    {{bin}}/ruff check --fix .
    {{bin}}/ruff format .
    {{bin}}/codespell --write-changes

# everything that ./crossline test does
test *arguments:
    ./crossline test "$@"

# every test but those with a browser and the long evidence, on both cores
unit *arguments:
    {{bin}}/python -m pytest -n 2 -m "not journey and not slow" "$@"

# a real browser walks through the pages
journey *arguments:
    {{bin}}/python -m pytest -m journey "$@"

# the long evidence, sorted out of the daily run
slow *arguments:
    {{bin}}/python -m pytest -m slow "$@"

# the engines' statements on Spark, row for row beside DuckDB: an environment of its own (half a gigabyte more, needs Java 17)
spark *arguments:
    {{bin}}/python -m venv var/spark
    {{bin}}/uv pip sync --quiet --require-hashes --python var/spark/bin/python requirements/spark.txt
    var/spark/bin/python -m pytest -s -m slow tests/unit/engines/test_comms_spark.py tests/unit/engines/test_resolution_spark.py "$@"

# our exports in FollowTheMoney's own reader: an environment of its own (needs a C++ compiler and ICU: apt install g++ libicu-dev pkg-config)
readers *arguments:
    {{bin}}/python -m venv var/readers
    {{bin}}/uv pip sync --quiet --require-hashes --python var/readers/bin/python requirements/readers.txt
    var/readers/bin/python -m pytest -s tests/contract/exchange/test_read_by_others.py "$@"

# every planted leak, which the comparison of two worlds must find
leaks:
    {{bin}}/python -m pytest -s -m slow tests/property/access/test_planted_leaks.py

# many random scripts of hidden facts: just two-worlds 200
two-worlds scripts="50":
    CROSSLINE_TEST_WORLDS={{scripts}} {{bin}}/python -m pytest -s -k any_script tests/property/access/test_two_worlds.py

# a synthetic nation, loaded, analysed and served
demo *arguments:
    ./crossline demo "$@"

# one measurement of bench/ by its name
bench name *arguments:
    shift; {{bin}}/python "bench/{{name}}.py" "$@"

# the hashed requirement files from the .in files beside them
lock:
    for file in base dev spark readers psi uv; do {{bin}}/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --output-file "requirements/$file.txt" "requirements/$file.in"; done
