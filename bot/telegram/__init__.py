"""The Telegram door, by long polling.

    door = TelegramDoor(conductor, token, api)      # door.py: updates in, replies out, each once
    await door.run()                                # until cancelled; raises BadToken

hearing.py says what an update means for us, drawing.py how a reply looks, text.py where a long one is split, sending.py
what is done when Telegram refuses or is away, reaching.py what the operator is told then, running.py the commands and
the door beside the web; words.yaml is what only this door says.
"""
