package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Verification;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.models.OpenOptions;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** A policy file on the command line: followed, or refused in one line. */
class PolicyOptionTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    @Test
    void askFollowsAPolicyFile() throws IOException {
        Path policy = policyFile(new ExitPlan(new ExitPolicy.None(), DepthPolicy.parse("triple:10")));

        Outcome outcome = run("ask", QUESTION, "--json", "--policy", policy.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(new ObjectMapper()
                        .readTree(outcome.out())
                        .path("speech_exit")
                        .asText())
                .isEqualTo("triple:10");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--speech-exit", "--text-exit"})
    void aPolicyFileReplacesBothOptions(String option) throws IOException {
        Path policy = policyFile(ExitPlan.NONE);

        Outcome outcome = run("ask", QUESTION, "--policy", policy.toString(), option, "even:12");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .containsExactly(
                        "sparrow: --policy: expected without --speech-exit and --text-exit, which it replaces");
    }

    @Test
    void theRefreshOfAPolicyFileIsFollowedUnlessAnotherOneIsSaid() throws IOException {
        String policy = policyFile(ExitPlan.speech(DepthPolicy.parse("even:8")).with(Verification.EXACT))
                .toString();

        assertThat(verification("--policy", policy)).isEqualTo("exact");
        assertThat(verification("--policy", policy, "--verify", "measure")).isEqualTo("measure");
        Outcome copied = run("ask", QUESTION, "--policy", policy, "--skipped-kv", "copy");
        assertThat(copied.code()).isEqualTo(2);
        assertThat(copied.err().lines()).singleElement().asString().contains("verification exact", "copy");
    }

    private static String verification(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("ask", QUESTION, "--json", "--max-new-tokens", "2"));
        command.addAll(List.of(options));
        return new ObjectMapper()
                .readTree(run(command.toArray(String[]::new)).out())
                .path("verification")
                .asText();
    }

    @Test
    void aBrokenPolicyFileIsRefusedInOneLine() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.json"), "{\"exit\": \"even:12\"}");

        Outcome outcome = run("ask", QUESTION, "--policy", policy.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().contains(policy.toString(), "exit");
    }

    private Path policyFile(ExitPlan plan) throws IOException {
        Path file = folder.resolve("policy.json");
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            PolicyFile.chosen(file, plan, model, new LinkedHashMap<>()).write();
        }
        return file;
    }
}
