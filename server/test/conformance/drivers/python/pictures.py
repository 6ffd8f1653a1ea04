"""What a run says of a picture, as an SDK takes it."""
import base64


def read_value(value, is_stream):
    """A picture as Base64, or as the file that an Advance call takes; anything else as it is."""
    if not isinstance(value, dict):
        return value
    file = open(value["file"], "rb")
    if is_stream:
        return file
    with file:
        return base64.b64encode(file.read()).decode()
