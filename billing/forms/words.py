"""What a form says of an answer that does not fit."""

# What is wrong with an answer and how to mend it; what is missing is said by each field in words of its own.
TOO_LONG = {"max_length": "Write at most %(limit_value)d signs; these are %(show_value)d."}
NO_EMAIL = {"invalid": "Enter an e-mail address like office@school.sch.uk.", **TOO_LONG}
NO_AMOUNT = {
    "invalid": "Enter pounds and pence as a number, such as 69 or 34.50.",
    "min_value": "Enter £%(limit_value)s or more.",
    "max_value": "Enter £%(limit_value)s or less.",
    "max_digits": "This is more than any order comes to. Enter pounds and pence, such as 34.50.",
    "max_whole_digits": "This is more than any order comes to. Enter pounds and pence, such as 34.50.",
    "max_decimal_places": "Enter whole pence, with two digits after the point at most.",
}
NO_MONTHS = {
    "required": "Enter for how many months.",
    "invalid": "Enter months as a whole number, such as 12.",
    "min_value": "Enter at least %(limit_value)s month.",
    "max_value": "Enter at most %(limit_value)s months.",
}
OUT_OF_DATE = "A part of this form was lost on its way. Load the page again, and fill it in once more."
LOST = dict.fromkeys(("required", "invalid", "min_value"), OUT_OF_DATE)
