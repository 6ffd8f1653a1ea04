"""Drives one of Python's SDKs through a run: `python3 driver.py RUN.json`.

Every line that it prints is JSON: what it is first, then the outcome of each step.
"""
import importlib.metadata
import json
import sys

import names


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        run = json.load(file)
    version = importlib.metadata.version(run["package"])
    say({"areNamesRefused": names.are_names_refused(run["foreignName"]), "version": version})
    if run["family"] == "legacy":
        from legacy import Client
    else:
        from generated import Client
    client = Client(run)
    for step in run["steps"]:
        say({"name": step["name"], **outcome_of(client, step)})


def outcome_of(client, step):
    outcome = {}
    for request in step["requests"]:
        try:
            outcome = client.call({**step, "request": request})
        except Exception as error:  # whatever the SDK throws is what its customer sees
            outcome = {"error": client.read_error(error)}
        if "error" in outcome:
            break
    return outcome


def say(line):
    print(json.dumps(line, ensure_ascii=True), flush=True)


main()
