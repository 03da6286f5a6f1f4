package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.PageMicrophone;
import sparrow.server.page.TalkingServer;

/** A call between a server and a browser whose addresses are both translated, as on a cloud machine and at home. */
@InBrowser
@EnabledIf(value = "sparrow.webrtc.TestNetwork#hasTranslated", disabledReason = "needs root, ip, nft and nsenter")
class NatTest {
    @TempDir
    Path folder;

    /** The server's process with the announced address as argument. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws IOException {
            try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS
                    .withAddress("0.0.0.0", 8443)
                    .withCalls(new UdpPort.Opener(), 8443)
                    .withCallAddress(InetAddress.getByName(arguments[0])))) {
                System.out.println(server.address());
                System.in.read();
            }
        }
    }

    @Test
    void aQuestionIsAnsweredThroughTwoNats() throws Exception {
        try (TestNetwork network = TestNetwork.translated()) {
            Process server = network.server(Server.class, network.address());
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(output.readLine()).as("the server's address").isNotNull();
                URI address = URI.create("http://" + network.address() + ":8443/");
                Path browser = network.client(Chromium.program(), folder);
                try (Chromium chromium = Chromium.at(browser, "--unsafely-treat-insecure-origin-as-secure=" + address);
                        Page page = chromium.browser().newPage()) {
                    PageMicrophone microphone = PageMicrophone.of(page);
                    try (CallPage call = new CallPage(page, address)) {
                        call.await("session.created", 1);
                        microphone.say(Running.example(6));
                        call.await("output_audio_buffer.started", 1);
                        call.awaitSound();
                        call.await("output_audio_buffer.stopped", 1);

                        assertThat(call.events("response.output_audio_transcript.done"))
                                .singleElement()
                                .extracting(event -> event.get("transcript").asText())
                                .isEqualTo("the opposite of summer is winter. summer and winter are opposites.");
                        assertThat(call.types()).doesNotContain("error");
                    }
                }
            } finally {
                server.destroy();
            }
        }
    }
}
