package sparrow.server.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** Transcriptions and speech by the tiny random checkpoint of Step-Audio-2. */
class StepAudioTaskRoutesTest {
    private static final Path RECORDING = Running.STEP.resolve("wav/speech16k.wav");

    @TempDir
    private static Path folder;

    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = Running.step(Running.OPTIONS, Limits.newTokens(40), folder);
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    private static Answer alone(SpokenModel task, Question question) {
        GenerationConfig served = running.config();
        GenerationConfig config = new GenerationConfig(served.plan(), task.defaultSampling(), served.limits());
        return new Conversation(task, config, Window.of(task)).ask(question, ReplyListener.NONE);
    }

    @Test
    void aRecordingIsWrittenDown() throws IOException {
        Answer alone = alone(running.model.transcriber(), new Question.Spoken(WavFile.read(RECORDING)));

        Wire.Said said = wire.form("/v1/audio/transcriptions", RECORDING, "model", Running.MODEL);

        assertThat(said.json().path("text").asText()).isNotEmpty().isEqualTo(alone.text());
    }

    @Test
    void aTextIsReadAloud() {
        Answer alone = alone(running.model.reader("default"), new Question.Typed("Tea?"));

        byte[] file = wire.bytes(
                "/v1/audio/speech", "{\"model\":\"" + Running.MODEL + "\",\"input\":\"Tea?\",\"voice\":\"marin\"}");

        assertThat(alone.speech().samples()).isNotEmpty();
        assertThat(file).isEqualTo(WavFile.bytes(alone.speech(), SampleFormat.PCM16));
        assertThat(wire.get("/v1/models").json().at("/data/0/sparrow/reading_voices"))
                .hasToString("[\"default\"]");
    }
}
