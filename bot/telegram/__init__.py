"""The Telegram door, by long polling.

    door = TelegramDoor(conductor, token, api)      # door.py: updates in, replies out, each once
    await door.check()                              # raises TelegramFault, one Chinese sentence
    await door.run()                                # until cancelled

hearing.py says what an update means for us, drawing.py how a reply looks, text.py where a long one is split, sending.py
what is done when Telegram refuses or is away, setting_up.py what BotFather's menu shows; words.yaml is what only this
door says.
"""
