"""Greets, and lets the service at NEXT greet as well when there is one."""

import logging
import os

import requests
from flask import Flask

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    logging.getLogger(__name__).warning("greeting %s", name)
    greeting = f"Flask greets {name}\n"
    following = os.environ.get("NEXT")
    if following:
        greeting += requests.get(f"{following}/hello/{name}", timeout=30).text
    return greeting
