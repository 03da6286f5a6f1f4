package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.NpmPackages;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.PageMicrophone;
import sparrow.server.page.TalkingServer;

/** OpenAI's agents SDK with its default transport in browsers. */
@InBrowser
class AgentsSdkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUNDLE =
            "node_modules/@openai/agents-realtime/dist/bundle/openai-realtime-agents.umd.js";

    private static final String TALK = """
            async () => {
              const { RealtimeAgent, RealtimeSession, OpenAIRealtimeWebRTC } = window.OpenAIAgentsRealtime;
              window.events = [];
              window.audio = [];
              window.failures = [];
              const secret = await (await fetch('/v1/realtime/client_secrets', {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: '{"session":{"type":"realtime"}}',
              })).json();
              const agent = new RealtimeAgent({ name: 'sparrow', instructions: '' });
              const transport = new OpenAIRealtimeWebRTC({ baseUrl: location.origin + '/v1/realtime/calls' });
              const session = (window.session = new RealtimeSession(agent, { model: 'sparrow-tiny', transport }));
              session.on('transport_event', (event) => window.events.push(event));
              session.on('audio_start', () => window.audio.push('start'));
              session.on('audio_interrupted', () => window.audio.push('interrupted'));
              session.on('error', ({ error }) => window.failures.push(JSON.stringify(error)));
              await session.connect({ apiKey: secret.value });
            }
            """;

    @TempDir
    Path folder;

    @Test
    void talksIsInterruptedAndHangsUp() throws Exception {
        NpmPackages.install(folder, List.of("@openai/agents-realtime@0.20.0"));
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage(new Browser.NewPageOptions().setBypassCSP(true))) {
            PageMicrophone microphone = PageMicrophone.of(page);
            page.navigate(server.address().toString());
            page.addScriptTag(new Page.AddScriptTagOptions().setPath(folder.resolve(BUNDLE)));
            page.evaluate(TALK);
            await(page, "session.updated");
            microphone.say(Running.example(1));
            await(page, "output_audio_buffer.started");
            microphone.say(Running.example(11));
            await(page, "output_audio_buffer.stopped");

            JsonNode events = JSON.valueToTree(page.evaluate("() => window.events"));
            List<String> types = events.valueStream()
                    .map(event -> event.path("type").asText())
                    .toList();
            assertThat(types)
                    .containsSubsequence(
                            "session.created",
                            "session.updated",
                            "output_audio_buffer.started",
                            "output_audio_buffer.cleared",
                            "output_audio_buffer.started",
                            "output_audio_buffer.stopped")
                    .contains("conversation.item.truncated")
                    .doesNotContain("error");
            assertThat(events.valueStream()
                            .filter(event ->
                                    event.path("type").asText().equals("response.output_audio_transcript.done"))
                            .map(event -> event.get("transcript").asText()))
                    .endsWith("there are sixty minutes in an hour.");
            assertThat(page.evaluate("() => window.failures")).isEqualTo(List.of());
            assertThat(page.evaluate("() => window.session.transport.callId").toString())
                    .startsWith("rtc_");
            page.evaluate("() => window.session.close()");
        }
    }

    private static void await(Page page, String type) {
        page.waitForFunction(
                "type => window.events.some((event) => event.type === type)",
                type,
                new Page.WaitForFunctionOptions().setTimeout(60_000));
    }
}
