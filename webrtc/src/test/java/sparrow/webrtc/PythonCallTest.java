package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.pool.PoolOptions;
import sparrow.server.PythonPackages;
import sparrow.server.Running;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.WavFile;

/** A call with aiortc, the implementation of WebRTC for Python. */
@EnabledIfSystemProperty(
        named = "sparrow.python",
        matches = "true",
        disabledReason = "needs Python and pip: ./sparrow test -Ppython")
class PythonCallTest {
    private static final int RATE_HZ = 24_000;
    private static final int CALL_RATE_HZ = 48_000;

    @TempDir
    Path folder;

    @Test
    void aSpokenQuestionIsAnswered() throws Exception {
        PythonPackages python = PythonPackages.install(folder, "aiortc", List.of("aiortc==1.16.0"));
        Files.write(
                folder.resolve("question.pcm"),
                Pcm16.encode(WavFile.read(Running.example(1)).at(RATE_HZ).samples()));
        Files.copy(Path.of("src", "test", "python", "call.py"), folder.resolve("call.py"));
        try (Running running = new Running(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0), PoolOptions.DEFAULT)) {
            boolean ended = python.run("python", List.of("call.py", running.server.address() + "/v1", "question.pcm"));
            assertThat(ended).as(python::errors).isTrue();
        }
        JsonNode answer = new ObjectMapper().readTree(python.output());
        assertThat(answer.path("transcript").asText())
                .isEqualTo("the capital of libya is tripoli. libya is in africa.");
        assertThat(answer.path("loud").asInt()).isGreaterThan(CALL_RATE_HZ);
        assertThat(answer.path("events").valueStream().map(JsonNode::asText)).doesNotContain("error");
    }
}
