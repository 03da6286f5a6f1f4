package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.SpeechMode;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.server.audio.AudioDecoder;
import sparrow.server.audio.Pcm16;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.Sound;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** OpenAI's own client is told what it said by the tiny random checkpoint of LFM2.5-Audio, which answers at the same time. */
class OfficialTranscriptionTest {
    private static final String COMPLETED = "conversation.item.input_audio_transcription.completed";

    @Test
    void aTurnIsWrittenDownBesideItsResponse() throws IOException {
        Waveform recording = WavFile.read(Running.LFM2.resolve("wav/b_second24k.wav"));
        try (Running running = Running.lfm2(Running.OPTIONS, Limits.newTokens(60));
                OfficialClient client =
                        new OfficialClient(running.server.address().getPort(), "none")) {
            client.await("conversation.created");
            client.send("""
                {"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null,
                "transcription":{"model":"gpt-4o-mini-transcribe"}}}}}\
                """);
            client.await("session.updated");
            client.say(recording);
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");
            Set<String> missing = new TreeSet<>(Set.of(COMPLETED, "response.done"));
            while (!missing.isEmpty()) missing.remove(OfficialClient.type(client.next()));

            String said = client.events().stream()
                    .flatMap(event -> event.conversationItemInputAudioTranscriptionCompleted().stream())
                    .map(event -> event.transcript())
                    .collect(Collectors.joining());

            assertThat(said).isNotEmpty().isEqualTo(alone(running, recording));
            assertThat(client.events().stream()
                            .flatMap(event -> event.conversationItemInputAudioTranscriptionDelta().stream())
                            .map(event -> event.delta().orElseThrow())
                            .collect(Collectors.joining()))
                    .isEqualTo(said);
            try (Wire wire = new Wire(running.server.address())) {
                assertThat(wire.get("/metrics").text())
                        .contains("sparrow_requests_total{api=\"transcriptions\"")
                        .contains("sparrow_requests_total{api=\"realtime\"");
            }
        }
    }

    /** Of the sound as the session hears it, in 16 bits, whose last millisecond waits for more. */
    private static String alone(Running running, Waveform recording) {
        float[] heard = RealtimeFormat.PCM
                .decoder()
                .accept(Pcm16.encode(recording.at(24_000).samples()));
        SpokenModel transcriber = running.model.transcriber();
        GenerationConfig config = new GenerationConfig(
                running.config().plan(),
                transcriber.defaultSampling(),
                running.config().limits());
        return new Conversation(transcriber, config, Window.of(transcriber), SpeechMode.SILENT)
                .ask(new Question.Spoken(Sound.of(heard, AudioDecoder.RATE_HZ).waveform()), ReplyListener.NONE)
                .text();
    }
}
