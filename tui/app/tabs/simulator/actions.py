"""The actions of the Simulator tab and of the quiz."""

from __future__ import annotations

from ...actions import Action, actions

SIMULATOR_ACTIONS = actions(
    "simulator",
    Action("request", ("r", "i"), "Request", "Type a request and see the decision", footer=True),
    Action("switch", ("space",), "On/off", "Toggle the selected installation",
           unless="why_no_installation", footer=True),
    Action("add", ("plus", "a"), "Add", "Add hypothetical installations", footer=True),
    Action("policy", ("p",), "Policy", "Switch to the next policy", footer=True),
    Action("step", ("s",), "Step", "Step through the rules, or show all",
           unless="why_no_decision", footer=True),
    Action("next_step", ("n", "right"), "Next rule", "Try the next rule",
           unless="why_no_next_step"),
    Action("previous_step", ("N", "left"), "Previous rule", "Go back one rule",
           unless="why_no_previous_step"),
    Action("quiz", ("z",), "Quiz", "Start a quiz", footer=True, on="scenarios"),
    Action("open", ("o",), "Open", "Open a built-in scenario or a file", footer=True,
           on="scenarios"),
    Action("save", ("w",), "Save", "Save as a scenario, with notes", on="scenarios"),
    Action("edit", ("e",), "Edit", "Edit the scenario's notes and what its request should get",
           unless="why_no_scenario", on="scenarios"),
    Action("present", ("v",), "Present", "Show a large picture and nothing else, or all again"),
    Action("bundle", ("b",), "Bundle", "Take the request from a bundle", on="scenarios"),
    Action("next_request", ("full_stop", "greater_than_sign"), "Next request",
           "Go to the scenario's next request", unless="why_no_requests", on="scenarios"),
    Action("previous_request", ("comma", "less_than_sign"), "Previous request",
           "Go to the scenario's previous request", unless="why_no_requests", on="scenarios"),
    Action("notes", ("m",), "Notes", "Show the scenario's notes", unless="why_no_notes",
           on="scenarios"),
    Action("remove", ("minus", "delete"), "Remove",
           "Remove the selected hypothetical installation", unless="why_not_removable"),
    Action("all_on", ("A",), "All", "Toggle all installations"),
    Action("real", ("R",), "Reset", "Reset to the real installations and policy"),
    Action("tour", ("t",), "Tour", "Take the guided tour", on="scenarios"),
)  # fmt: skip

QUIZ_ACTIONS = actions(
    "quiz",
    Action("answer", ("enter", "space"), "Answer", "Answer: the selected installation",
           unless="why_no_answer", footer=True),
    Action("none", ("0", "x"), "No match", "Answer: no match", unless="why_no_answer",
           footer=True),
    Action("next", ("n", "right"), "Next", "Go to the next question, after the last to the review",
           unless="why_no_next", footer=True),
    Action("again", ("r",), "Repeat", "Repeat the questions that were answered wrong",
           unless="why_no_again", footer=True),
)  # fmt: skip
