"""Runs the quickstart of one Python client against a server, and prints the answers as one JSON object.

Arguments: name of the client, base address (http://.../v1), key, text of a question, its 16-bit samples at 24 kHz.
"""

import asyncio
import base64
import json
import sys

NAME, BASE, KEY, QUESTION, PCM = sys.argv[1:]
MODEL = "sparrow-tiny"
INSTRUCTIONS = "You are a helpful assistant."
PIECE = 4800


def samples():
    with open(PCM, "rb") as file:
        return file.read()


def openai():
    from openai import AsyncOpenAI, OpenAI

    client = OpenAI(base_url=BASE, api_key=KEY)
    messages = [{"role": "developer", "content": INSTRUCTIONS}, {"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(
        model=MODEL, modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}, messages=messages
    )
    streamed = ""
    for chunk in client.chat.completions.create(model=MODEL, messages=messages, stream=True):
        if chunk.choices:
            streamed += chunk.choices[0].delta.content or ""

    async def realtime():
        heard = {"transcript": "", "bytes": 0}
        async with AsyncOpenAI(base_url=BASE, api_key=KEY).realtime.connect(model="gpt-realtime") as connection:
            detection = {"audio": {"input": {"turn_detection": None}}}
            await connection.session.update(session={"type": "realtime", **detection})
            sound = samples()
            for at in range(0, len(sound), PIECE):
                await connection.input_audio_buffer.append(audio=base64.b64encode(sound[at : at + PIECE]).decode())
            await connection.input_audio_buffer.commit()
            await connection.response.create()
            async for event in connection:
                if event.type == "error":
                    raise RuntimeError(event.error.message)
                if event.type == "response.output_audio_transcript.delta":
                    heard["transcript"] += event.delta
                if event.type == "response.output_audio.delta":
                    heard["bytes"] += len(base64.b64decode(event.delta))
                if event.type == "response.done":
                    return heard

    spoken = asyncio.run(realtime())
    audio = whole.choices[0].message.audio
    return {
        "typed": [audio.transcript, streamed],
        "spoken": [spoken["transcript"]],
        "bytes": [len(base64.b64decode(audio.data)), spoken["bytes"]],
    }


def agents():
    from agents import Agent, AsyncOpenAI, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
    from agents.realtime import RealtimeAgent, RealtimeRunner

    set_tracing_disabled(True)
    model = OpenAIChatCompletionsModel(model=MODEL, openai_client=AsyncOpenAI(base_url=BASE, api_key=KEY))
    agent = Agent(name="Assistant", instructions=INSTRUCTIONS, model=model)
    typed = Runner.run_sync(agent, QUESTION).final_output

    async def realtime():
        runner = RealtimeRunner(RealtimeAgent(name="Assistant", instructions=INSTRUCTIONS))
        url = BASE.replace("http", "ws") + "/realtime?model=gpt-realtime"
        heard = {"transcript": "", "bytes": 0}
        async with await runner.run(model_config={"api_key": KEY, "url": url}) as session:
            # Like a microphone, silence follows the question. It ends the turn.
            sound = samples() + bytes(48000)
            for at in range(0, len(sound), PIECE):
                await session.send_audio(sound[at : at + PIECE])
            async for event in session:
                if event.type == "error":
                    raise RuntimeError(event.error)
                if event.type == "audio":
                    heard["bytes"] += len(event.audio.data)
                if event.type == "raw_model_event" and event.data.type == "transcript_delta":
                    heard["transcript"] += event.data.delta
                if event.type == "raw_model_event" and event.data.type == "turn_ended":
                    return heard

    async def transcribed():
        from agents.voice import OpenAISTTModel, STTModelSettings, StreamedAudioInput

        import numpy

        speech = StreamedAudioInput()
        recognizer = OpenAISTTModel("gpt-transcribe", AsyncOpenAI(base_url=BASE, api_key=KEY))
        session = await recognizer.create_session(speech, STTModelSettings(language="en"), False, False)
        sound = numpy.frombuffer(samples() + bytes(96000), numpy.int16)
        for at in range(0, len(sound), PIECE):
            await speech.add_audio(sound[at : at + PIECE])
        await speech.add_audio(None)
        return [turn async for turn in session.transcribe_turns()]

    spoken = asyncio.run(realtime())
    heard = asyncio.run(transcribed())
    return {"typed": [typed], "spoken": [spoken["transcript"]], "bytes": [spoken["bytes"]], "transcribed": heard}


def pydantic_ai():
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=BASE, api_key=KEY))
    agent = Agent(model, instructions=INSTRUCTIONS)

    async def stream():
        async with agent.run_stream(QUESTION) as result:
            return await result.get_output()

    async def realtime():
        from pydantic_ai.realtime import RealtimeTurnCompleteEvent
        from pydantic_ai.realtime.openai import OpenAIRealtimeModel

        model = OpenAIRealtimeModel("gpt-realtime", provider=OpenAIProvider(base_url=BASE, api_key=KEY))
        async with agent.realtime(model).session() as session:
            await session.send_audio(samples() + bytes(48000))
            async for event in session:
                if isinstance(event, RealtimeTurnCompleteEvent):
                    question, answer = session.all_messages()
                    return [question.parts[-1].transcript], [answer.parts[-1].transcript]

    heard, spoken = asyncio.run(realtime())
    return {"typed": [agent.run_sync(QUESTION).output, asyncio.run(stream())], "spoken": spoken, "transcribed": heard}


def langchain():
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=MODEL, base_url=BASE, api_key=KEY)
    messages = [("system", INSTRUCTIONS), ("human", QUESTION)]
    return {"typed": [model.invoke(messages).content, "".join(chunk.content for chunk in model.stream(messages))]}


def litellm():
    from litellm import completion

    request = {"model": "openai/" + MODEL, "api_base": BASE, "api_key": KEY}
    request["messages"] = [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": QUESTION}]
    whole = completion(**request).choices[0].message.content
    chunks = completion(**request, stream=True)
    return {"typed": [whole, "".join(chunk.choices[0].delta.content or "" for chunk in chunks)]}


CLIENTS = {one.__name__: one for one in (openai, agents, pydantic_ai, langchain, litellm)}
print(json.dumps(CLIENTS[NAME]()))
