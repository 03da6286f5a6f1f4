"""Runs the quickstart of one Python client against a server, and prints the answers as one JSON object.

Arguments: name of the client, base address (http://.../v1), that of a server that reads aloud, key, text of a question, its 16-bit
samples at 24 kHz.
"""

import asyncio
import base64
import json
import sys
import time

NAME, BASE, SPEECH, KEY, QUESTION, PCM = sys.argv[1:]
MODEL = "sparrow-tiny"
INSTRUCTIONS = "You are a helpful assistant."
PIECE = 4800
FRAME = 960
QUIET_SECONDS = 10


def samples():
    with open(PCM, "rb") as file:
        return file.read()


async def microphone():
    """Yields frames of 20 ms in real time: a second of silence, the question, and silence without an end."""
    sound = bytes(48000) + samples()
    begun = time.monotonic()
    at = 0
    while True:
        await asyncio.sleep(begun + at / 48000 - time.monotonic())
        yield sound[at : at + FRAME].ljust(FRAME, b"\0")
        at += FRAME


async def complete(parts):
    """Returns the parts of an answer as one text when no other part has followed for some seconds."""
    texts = []
    try:
        while True:
            part = await asyncio.wait_for(parts.get(), QUIET_SECONDS if texts else None)
            if isinstance(part, Exception):
                raise part
            texts.append(part)
    except asyncio.TimeoutError:
        return " ".join(texts)


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


def voice():
    import numpy
    from agents import Agent, AsyncOpenAI, OpenAIChatCompletionsModel, set_tracing_disabled
    from agents.voice import AudioInput, OpenAIVoiceModelProvider, SingleAgentVoiceWorkflow, SingleAgentWorkflowCallbacks
    from agents.voice import OpenAITTSModel, StreamedAudioInput, VoicePipeline, VoicePipelineConfig

    set_tracing_disabled(True)
    sound = numpy.frombuffer(samples() + bytes(96000), numpy.int16)
    heard = {"spoken": [], "transcribed": [], "bytes": []}

    class Transcripts(SingleAgentWorkflowCallbacks):
        def on_run(self, workflow, transcription):
            heard["transcribed"].append(transcription)

    async def talk(speech):
        client = AsyncOpenAI(base_url=BASE, api_key=KEY)
        model = OpenAIChatCompletionsModel(model=MODEL, openai_client=client)
        agent = Agent(name="Assistant", instructions=INSTRUCTIONS, model=model)
        pipeline = VoicePipeline(
            workflow=SingleAgentVoiceWorkflow(agent, Transcripts()),
            tts_model=OpenAITTSModel("gpt-4o-mini-tts", AsyncOpenAI(base_url=SPEECH, api_key=KEY)),
            config=VoicePipelineConfig(model_provider=OpenAIVoiceModelProvider(openai_client=client)),
        )
        result = await pipeline.run(speech)
        count = 0
        async for event in result.stream():
            if event.type == "voice_stream_event_error":
                raise event.error
            if event.type == "voice_stream_event_audio":
                count += event.data.nbytes
        heard["spoken"].append(result.total_output_text)
        heard["bytes"].append(count)

    async def streamed():
        speech = StreamedAudioInput()
        for at in range(0, len(sound), PIECE):
            await speech.add_audio(sound[at : at + PIECE])
        await speech.add_audio(None)
        await talk(speech)

    asyncio.run(talk(AudioInput(buffer=sound)))
    asyncio.run(streamed())
    return heard


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


def livekit():
    from livekit import rtc
    from livekit.agents import Agent, AgentSession
    from livekit.agents.utils import http_context
    from livekit.agents.voice import io
    from livekit.plugins import openai

    class Microphone(io.AudioInput):
        def __init__(self):
            super().__init__(label="question")
            self.frames = microphone()

        async def __anext__(self):
            return rtc.AudioFrame(await self.frames.__anext__(), 24000, 1, FRAME // 2)

    class Speaker(io.AudioOutput):
        def __init__(self):
            super().__init__(label="answer", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=24000)
            self.bytes = 0
            self.seconds = 0

        async def capture_frame(self, frame):
            await super().capture_frame(frame)
            self.bytes += frame.data.nbytes
            self.seconds += frame.duration

        def flush(self):
            super().flush()
            played, self.seconds = self.seconds, 0
            if played:
                self.on_playback_finished(playback_position=played, interrupted=False)

        def clear_buffer(self):
            self.flush()

    async def talk(**models):
        session = AgentSession(**models)
        session.input.audio, session.output.audio = Microphone(), Speaker()
        questions = []
        parts = asyncio.Queue()

        def added(event):
            if event.item.type == "message":
                (parts.put_nowait if event.item.role == "assistant" else questions.append)(event.item.text_content)

        session.on("conversation_item_added", added)
        session.on("error", lambda event: parts.put_nowait(RuntimeError(event.error)))
        await session.start(Agent(instructions=INSTRUCTIONS))
        answer = await complete(parts)
        count = session.output.audio.bytes
        await session.aclose()
        return " ".join(questions), answer, count

    async def talks():
        server = {"base_url": BASE, "api_key": KEY}
        reader = openai.TTS(base_url=SPEECH, api_key=KEY)
        async with http_context.open():
            heard = [
                await talk(llm=openai.realtime.RealtimeModel(**server)),
                await talk(llm=openai.realtime.GPTLiveModel(**server)),
            ]
            for recognizer in openai.STT(**server), openai.STT(model="gpt-live-transcribe", **server):
                heard.append(await talk(stt=recognizer, llm=openai.LLM(model=MODEL, **server), tts=reader))
        return heard

    questions, answers, counts = zip(*asyncio.run(talks()))
    return {"spoken": answers, "transcribed": questions, "bytes": counts}


def pipecat():
    from pipecat.audio.utils import create_stream_resampler
    from pipecat.audio.vad.silero import SileroVADAnalyzer
    from pipecat.frames.frames import InputAudioRawFrame, LLMRunFrame, OutputAudioRawFrame
    from pipecat.pipeline.pipeline import Pipeline
    from pipecat.pipeline.worker import PipelineParams, PipelineWorker
    from pipecat.processors.aggregators.llm_context import LLMContext
    from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
    from pipecat.processors.frame_processor import FrameProcessor
    from pipecat.services.openai.live.llm import OpenAILiveLLMService
    from pipecat.services.openai.llm import OpenAILLMService
    from pipecat.services.openai.realtime import events
    from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService
    from pipecat.services.openai.stt import OpenAISTTService
    from pipecat.services.openai.tts import OpenAITTSService
    from pipecat.workers.runner import WorkerRunner

    class Speaker(FrameProcessor):
        bytes = 0

        async def process_frame(self, frame, direction):
            await super().process_frame(frame, direction)
            if isinstance(frame, OutputAudioRawFrame):
                self.bytes += len(frame.audio)
            await self.push_frame(frame, direction)

    async def talk(*services, recognizer=None, typed=False, vad=None):
        """Asks the typed question if it is wanted, then the spoken question."""
        context = LLMContext([{"role": "user", "content": QUESTION}] if typed else [])
        user, assistant = LLMContextAggregatorPair(context, user_params=LLMUserAggregatorParams(vad_analyzer=vad))
        speaker = Speaker()
        worker = PipelineWorker(
            Pipeline([*([recognizer] if recognizer else []), user, *services, speaker, assistant]),
            params=PipelineParams(audio_in_sample_rate=16000, audio_out_sample_rate=24000),
            cancel_on_idle_timeout=False,
        )
        questions = []
        parts = asyncio.Queue()
        started = asyncio.Event()

        @worker.event_handler("on_pipeline_started")
        async def start(worker, frame):
            started.set()

        @worker.event_handler("on_pipeline_error")
        async def fail(worker, frame):
            parts.put_nowait(RuntimeError(frame.error))

        @user.event_handler("on_user_turn_message_added")
        async def hear(aggregator, message):
            questions.append(message.content)

        @assistant.event_handler("on_assistant_turn_stopped")
        async def answer(aggregator, message):
            parts.put_nowait(message.content)

        async def speak():
            resampler = create_stream_resampler()
            async for piece in microphone():
                piece = await resampler.resample(piece, 24000, 16000)
                await worker.queue_frame(InputAudioRawFrame(piece, 16000, 1))

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        await started.wait()
        if not recognizer:
            await worker.queue_frame(LLMRunFrame())  # starts a session of GPT-Live
        answers = [await complete(parts)] if typed else []
        speaking = asyncio.create_task(speak())
        answers.append(await complete(parts))
        speaking.cancel()
        await worker.cancel()
        await running
        return questions, answers, speaker.bytes

    def realtime(detection):
        recognition = events.AudioInput(transcription=events.InputAudioTranscription(), turn_detection=detection)
        properties = events.SessionProperties(audio=events.AudioConfiguration(input=recognition))
        settings = OpenAIRealtimeLLMService.Settings(system_instruction=INSTRUCTIONS, session_properties=properties)
        return OpenAIRealtimeLLMService(base_url=socket + "/realtime", api_key=KEY, settings=settings)

    async def talks():
        live = OpenAILiveLLMService.Settings(system_instruction=INSTRUCTIONS)
        model = OpenAILLMService.Settings(model=MODEL, system_instruction=INSTRUCTIONS)
        return [
            await talk(realtime(events.TurnDetection()), typed=True),
            await talk(realtime(False), typed=True, vad=SileroVADAnalyzer()),
            await talk(OpenAILiveLLMService(base_url=socket + "/live/sessions", api_key=KEY, settings=live)),
            await talk(
                OpenAILLMService(base_url=BASE, api_key=KEY, settings=model),
                OpenAITTSService(base_url=SPEECH, api_key=KEY),
                recognizer=OpenAISTTService(base_url=BASE, api_key=KEY),
                vad=SileroVADAnalyzer(),
            ),
        ]

    socket = BASE.replace("http", "ws")
    heard = asyncio.run(talks())
    return {
        "typed": [answers[0] for _, answers, _ in heard if len(answers) == 2],
        "spoken": [answers[-1] for _, answers, _ in heard],
        "transcribed": [" ".join(questions) for questions, _, _ in heard],
        "bytes": [count for _, _, count in heard],
    }


CLIENTS = {one.__name__: one for one in (openai, agents, voice, pydantic_ai, langchain, litellm, livekit, pipecat)}
print(json.dumps(CLIENTS[NAME]()))
