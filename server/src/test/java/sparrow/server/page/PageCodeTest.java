package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Limits;
import sparrow.models.SpokenModels;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.ServerOptions;
import sparrow.speech.wave.WavFile;

/** The programs that the page offers are run: they ask as the page does. */
@InBrowser
class PageCodeTest {
    private static final String KEY = "a-key-of-the-test";
    /** Signs that each of the languages has to escape. */
    private static final String INSTRUCTIONS = "Don't say \"no\", \\ or \"\"\".\nAnswer ${HOME} at `once`.";

    /** Prints what the server has understood. */
    private static final String SHOW_INSTRUCTIONS = """
            socket.addEventListener('message', ({ data }) => {
              const { type, session } = JSON.parse(data);
              if (type === 'session.updated') console.log(session.instructions);
            });
            """;

    @TempDir
    private Path folder;

    private Chromium chromium;
    private Page page;

    @BeforeEach
    void startBrowser() {
        chromium = Chromium.withAnyMicrophone();
        BrowserContext context = chromium.browser().newContext();
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page = context.newPage();
    }

    @AfterEach
    void stopBrowser() {
        chromium.close();
    }

    @Test
    void eachProgramAsksTheQuestionWithTheExitsInUse() throws Exception {
        ServerOptions options = Running.OPTIONS.withQuestions(SpokenModels.bundledQuestions());
        try (Running running = new Running(options, PoolOptions.DEFAULT)) {
            open(running);
            page.locator("#policy").selectOption("even:14");

            assertThat(copied("curl")).contains("even:14");
            assertThat(answerOfJava()).isEqualTo(answerOfCurl());
            assertThat(outputOfNode("")).isEqualTo("the capital of libya is tripoli. libya is in africa.\n");
        }
    }

    @Test
    void instructionsAreEscapedAndTheKeyIsTakenFromTheEnvironment() throws Exception {
        try (Running running = Running.lfm2(Running.OPTIONS.withApiKey(KEY), Limits.newTokens(40))) {
            page.navigate(running.server.address().toString());
            page.locator("#key").fill(KEY);
            page.locator("#key-form button").click();
            open(running);
            page.locator("#instructions").fill(INSTRUCTIONS);

            assertThat(copied("curl") + copied("JavaScript") + copied("Java")).doesNotContain(KEY);
            assertThat(answerOfJava()).isEqualTo(answerOfCurl());
            assertThat(outputOfNode(SHOW_INSTRUCTIONS)).startsWith(INSTRUCTIONS + "\n");
        }
    }

    private void open(Running running) {
        page.navigate(running.server.address().toString());
        assertThat(page.locator("#model")).containsText("layers");
        page.locator("#settings summary").click();
        page.locator("#more > summary").click();
    }

    /** The program that a button copies. */
    private String copied(String language) {
        Page.GetByTextOptions whole = new Page.GetByTextOptions().setExact(true);
        page.getByText(language, whole).click();
        assertThat(page.locator("#copied")).hasText("Copied.");
        String program = (String) page.evaluate("() => navigator.clipboard.readText()");
        assertThat(page.locator("#code").textContent()).isEqualTo(program);
        return program;
    }

    private byte[] answerOfCurl() throws Exception {
        run("bash", "-euc", "set -o pipefail\n" + copied("curl"));
        return answer();
    }

    private byte[] answerOfJava() throws Exception {
        Files.writeString(folder.resolve("Ask.java"), copied("Java"));
        run(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "Ask.java");
        return answer();
    }

    private String outputOfNode(String more) throws Exception {
        Files.writeString(folder.resolve("ask.mjs"), copied("JavaScript") + more);
        return run(Chromium.found("node", "nodejs").toString(), "--experimental-websocket", "ask.mjs");
    }

    /** The sound that a program wrote. */
    private byte[] answer() throws IOException {
        Path wav = folder.resolve("answer.wav");
        assertThat(WavFile.read(wav).samples()).hasSizeGreaterThan(2_000);
        byte[] bytes = Files.readAllBytes(wav);
        Files.delete(wav);
        return bytes;
    }

    private String run(String... program) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder process = new ProcessBuilder(program).directory(folder.toFile());
        process.redirectErrorStream(true).redirectOutput(output.toFile());
        process.environment().put("SPARROW_API_KEY", KEY);
        process.environment().put("NODE_NO_WARNINGS", "1");
        Process running = process.start();
        assertThat(running.waitFor(5, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(output);
        assertThat(running.exitValue()).as("%s said %s", program[0], said).isZero();
        return said;
    }
}
