package sparrow.server.page;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A page's microphone that is silent until a test plays a recording. A file for the browser's microphone has fixed times
 * instead, and on a fast machine an answer is over before the question that should interrupt it.
 */
public final class PageMicrophone {
    private static final String SCRIPT = """
            if (navigator.mediaDevices) {
              const audio = new AudioContext();
              const microphone = audio.createMediaStreamDestination();
              const silence = new ConstantSourceNode(audio, { offset: 0 }); // without a source, no packets are sent
              silence.connect(microphone);
              silence.start();
              navigator.mediaDevices.getUserMedia = async () => {
                await audio.resume();
                return microphone.stream;
              };
              window.say = async (wav) => {
                const bytes = Uint8Array.from(atob(wav), (c) => c.charCodeAt(0));
                const source = new AudioBufferSourceNode(audio, { buffer: await audio.decodeAudioData(bytes.buffer) });
                source.connect(microphone);
                source.start();
                await new Promise((resolve) => (source.onended = resolve));
                return performance.now();
              };
            }
            """;

    private final Page page;

    private PageMicrophone(Page page) {
        this.page = page;
    }

    /** Replaces the microphone of the pages that {@code page} will show. */
    public static PageMicrophone of(Page page) {
        page.addInitScript(SCRIPT);
        return new PageMicrophone(page);
    }

    /** Plays a recording to its end, and returns the page's time of the end in ms. */
    public double sayToEnd(Path wav) throws IOException {
        return ((Number) page.evaluate("wav => window.say(wav)", encoded(wav))).doubleValue();
    }

    /** Starts to play a recording. */
    public void say(Path wav) throws IOException {
        page.evaluate("wav => { window.say(wav); }", encoded(wav));
    }

    private static String encoded(Path wav) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(wav));
    }
}
