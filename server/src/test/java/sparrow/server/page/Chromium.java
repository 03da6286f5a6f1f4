package sparrow.server.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's own Chromium, driven by the machine's own Node. Nothing is downloaded. */
public final class Chromium implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** A browser whose microphone is a tone. */
    public static Chromium withAnyMicrophone(String... moreArguments) {
        return launch(program(), List.of(moreArguments));
    }

    /** A browser with another program, which starts Chromium. */
    public static Chromium at(Path program, String... moreArguments) {
        return launch(program, List.of(moreArguments));
    }

    private static Chromium launch(Path program, List<String> moreArguments) {
        Map<String, String> environment = Map.of(
                "PLAYWRIGHT_NODEJS_PATH", found("node", "nodejs").toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        // The whole Chromium in its own headless mode: the small headless shell has no microphone.
        List<String> arguments = new ArrayList<>(List.of(
                "--headless=new",
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--autoplay-policy=no-user-gesture-required"));
        arguments.addAll(moreArguments);
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(arguments));
        return new Chromium(playwright, browser);
    }

    /** Returns the machine's Chromium. */
    public static Path program() {
        return found("chromium", "chromium-browser", "google-chrome");
    }

    public static Path found(String... names) {
        String[] folders = System.getenv("PATH").split(java.io.File.pathSeparator);
        Optional<Path> program = Stream.of(names)
                .flatMap(name -> Stream.of(folders).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        return program.orElseThrow(
                () -> new IllegalStateException("expected one of " + List.of(names) + " on the PATH, found none"));
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
