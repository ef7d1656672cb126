"""The smallest web application that Flask runs."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Hello from the environment that pysteward built."
