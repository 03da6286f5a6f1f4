package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A page in a browser whose server does what each test tells it to. */
abstract class ScriptedPage {
    static final String TRACE = "TTTTFEFEFEFE";

    private static Chromium chromium;

    final ScriptedRealtime realtime = new ScriptedRealtime();
    final List<String> complaints = new ArrayList<>();
    ScriptedServer server;
    BrowserContext context;
    Page page;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.withAnyMicrophone("--host-resolver-rules=MAP page.test 127.0.0.1");
    }

    @AfterAll
    static void stopBrowser() {
        chromium.close();
    }

    @BeforeEach
    void startServer() throws IOException {
        server = new ScriptedServer();
        context = chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(1280, 800));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) complaints.add(message.text());
        });
        page.onPageError(complaints::add);
        page.routeWebSocket("**/v1/realtime", realtime::open);
    }

    @AfterEach
    void stopServer() {
        context.close();
        server.close();
    }

    void open() {
        page.navigate(server.address());
        assertThat(page.locator("h1")).hasText("Sparrow");
        page.waitForFunction("() => window.sparrow !== undefined");
    }

    void enterKey(String key) {
        page.locator("#key").fill(key);
        page.locator("#key-form button").click();
    }

    void ask(String question) {
        page.locator("#text").fill(question);
        page.locator("#text").press("Enter");
    }

    Locator notice() {
        return page.locator(".notice");
    }

    String state() {
        return (String) page.evaluate("() => window.sparrow.state");
    }

    void awaitState(String name) {
        page.waitForFunction("name => window.sparrow.state === name", name);
    }

    double number(String field) {
        return ((Number) page.evaluate("() => window.sparrow." + field)).doubleValue();
    }

    void await(BooleanSupplier condition) {
        page.waitForCondition(condition);
    }
}
