package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.formats.BadFileException;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Chosen exit plans on disk. */
class PolicyFileTest {
    private static final ExitPlan PLAN =
            new ExitPlan(new ExitPolicy.Confidence(14, 0.1), new ExitPolicy.Periodic("FEEF", 12));

    private final ComputePool pool = new ComputePool(1);
    private SpokenModel model;
    private Path file;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
        file = folder.resolve("policy.json");
    }

    @AfterEach
    void close() {
        model.close();
        pool.close();
    }

    @Test
    void comeBackAsTheyWereWritten() throws IOException {
        SequencedMap<String, String> how = new LinkedHashMap<>();
        how.put("budget", "wer=+2.0");
        how.put("data", "demo-eval");
        PolicyFile written = PolicyFile.chosen(file, PLAN, model, how);

        written.write();
        PolicyFile read = PolicyFile.read(file);

        assertThat(read).isEqualTo(written);
        assertThat(read.chosen().sequencedKeySet()).containsExactly("budget", "data");
        assertThat(read.planFor(model.languageModel().transformer())).isEqualTo(PLAN);
        assertThat(read.warning(model)).isEmpty();
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"even:12", "text=conf:14:0.1,speech=even:12+measure", "even:8+verify", "draft:8:2"})
    void holdThePlanInTheNotationOfTheCommandLine(String exit) throws IOException {
        PolicyFile.chosen(file, ExitPlan.parse(exit), model, new LinkedHashMap<>())
                .write();

        assertThat(PolicyFile.read(file).plan()).isEqualTo(ExitPlan.parse(exit));
        assertThat(Files.readString(file))
                .contains("\"exit\" : \"" + exit + "\"")
                .endsWith("}\n");
    }

    @Test
    void areWrittenWholeOrNotAtAll() throws IOException {
        Path missing = folder.resolve("missing").resolve("policy.json");

        assertThatThrownBy(() -> PolicyFile.chosen(missing, PLAN, model, new LinkedHashMap<>())
                        .write())
                .isInstanceOf(NoSuchFileException.class);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void areRefusedForAnotherModel() {
        ModelFingerprint other = new ModelFingerprint("0".repeat(64));
        PolicyFile policy = new PolicyFile(file, PLAN, other, Optional.empty(), new LinkedHashMap<>());

        assertThatThrownBy(() -> policy.planFor(model.languageModel().transformer()))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("chosen for another model")
                .hasMessageNotContaining("\n");
    }

    @Test
    void sayThatOtherHeadsAreInUse() {
        ModelFingerprint own = ModelFingerprint.of(model.languageModel().transformer());
        PolicyFile policy = new PolicyFile(file, PLAN, own, Optional.of("new.safetensors"), new LinkedHashMap<>());

        assertThat(policy.warning(model))
                .hasValue(file + " was chosen with new.safetensors, in use: heads.safetensors");
    }

    @ParameterizedTest(name = "{1} for {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model_fingerprint\":\"F\",\"chosen\":{}} | exit",
                "{\"exit\":\"sometimes\",\"model_fingerprint\":\"F\",\"chosen\":{}} | exit",
                "{\"exit\":7,\"model_fingerprint\":\"F\",\"chosen\":{}} | exit",
                "{\"exit\":\"none\",\"chosen\":{}} | model_fingerprint",
                "{\"exit\":\"none\",\"model_fingerprint\":\"F\"} | chosen",
                "{\"exit\":\"none\",\"model_fingerprint\":\"F\",\"chosen\":{\"wer\":1}} | chosen.wer",
                "{\"exit\":\"none\",\"model_fingerprint\":\"F\",\"chosen\":{},\"speech_exit\":\"none\"}"
                        + " | speech_exit: expected no keys but",
                "{\"exit\":\"conf:8:0.5+verify\",\"model_fingerprint\":\"F\",\"chosen\":{}} | no confidence rule",
                "[] | a JSON object",
                "{ | not JSON"
            })
    void areRefusedInOneLineThatNamesTheKey(String json, String named) throws IOException {
        Files.writeString(file, json.replace("\"F\"", "\"" + "0".repeat(64) + "\""));

        assertThatThrownBy(() -> PolicyFile.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }
}
