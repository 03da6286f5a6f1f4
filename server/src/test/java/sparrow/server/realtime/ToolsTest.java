package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.realtime.RealtimeResponse;
import com.openai.models.realtime.RealtimeServerEvent;
import com.openai.models.realtime.ResponseFunctionCallArgumentsDoneEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.CallingLfm3;
import sparrow.server.CallingModel;
import sparrow.server.Running;
import sparrow.server.realtime.session.TalkingModel;

/** OpenAI's own client offers a tool in a spoken session, gets the call of it, and sends the output. */
class ToolsTest {
    private static final String SESSION = """
            {"type":"session.update","session":{"type":"realtime","tool_choice":"auto","tools":[{"type":"function",
             "name":"get_weather","description":"The weather of a city","parameters":{"type":"object",
             "properties":{"city":{"type":"string"}}}}],"audio":{"input":{"turn_detection":null}}}}""";

    @TempDir
    private Path folder;

    private static String transcript(OfficialClient client) {
        return String.join(
                " ",
                client.events().stream()
                        .flatMap(event -> event.responseOutputAudioTranscriptDone().stream())
                        .map(done -> done.transcript())
                        .toList());
    }

    @Test
    void aCallIsMadeInSpeechAndItsOutputAnswered() throws IOException {
        Path model = CallingModel.write(folder.resolve("model"), CallingModel.ARGUMENTS);
        try (Running running = Running.of(model, Running.OPTIONS);
                OfficialClient client =
                        new OfficialClient(running.server.address().getPort(), "none")) {
            client.await("conversation.created");
            client.send(SESSION);
            Map<?, ?> session = (Map<?, ?>)
                    OfficialClient.json(client.await("session.updated")).get("session");
            assertThat((List<?>) session.get("tools")).hasSize(1);
            client.say(TalkingModel.question(1));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");

            ResponseFunctionCallArgumentsDoneEvent call =
                    client.await("response.function_call_arguments.done").asResponseFunctionCallArgumentsDone();
            assertThat(call.name()).isEqualTo(CallingModel.NAME);
            assertThat(call.arguments()).isEqualTo(CallingModel.ARGUMENTS);
            assertThat(call.outputIndex()).isEqualTo(1);
            RealtimeResponse first =
                    client.await("response.done").asResponseDone().response();
            assertThat(first.status()).contains(RealtimeResponse.Status.COMPLETED);
            assertThat(first.output().orElseThrow()).hasSize(2);
            assertThat(first.output().orElseThrow().getLast().asFunctionCall().callId())
                    .contains(call.callId());
            assertThat(transcript(client)).isEqualTo(CallingModel.WORD);
            assertThat(client.types())
                    .containsSubsequence(
                            "response.created",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.function_call_arguments.delta",
                            "response.function_call_arguments.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.done");

            client.send(
                    "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                            + call.callId() + "\",\"output\":\"" + CallingModel.OUTPUT + "\"}}");
            client.await("conversation.item.done");
            client.send("{\"type\":\"response.create\"}");
            RealtimeResponse second =
                    client.await("response.done").asResponseDone().response();

            assertThat(second.status()).contains(RealtimeResponse.Status.COMPLETED);
            assertThat(second.output().orElseThrow()).hasSize(1);
            assertThat(transcript(client)).isEqualTo(CallingModel.WORD + " " + CallingModel.ANSWER);
            // The reply stands in the cache as it was decoded, its call included.
            assertThat(cached(second))
                    .isGreaterThanOrEqualTo(
                            first.usage().orElseThrow().totalTokens().orElseThrow() - 2);
            assertThat(errors(client)).isEmpty();
        }
    }

    /** The reply of this model contains only text, because a prompt that offers tools does not force speech. */
    @Test
    void lfm3CallsAToolAndItsNextReplyReadsTheOutput() throws IOException {
        Path model = CallingLfm3.write(folder.resolve("model"));
        try (Running running = Running.of(model, Running.OPTIONS);
                OfficialClient client =
                        new OfficialClient(running.server.address().getPort(), "none")) {
            client.await("conversation.created");
            client.send(SESSION);
            client.await("session.updated");
            client.say(TalkingModel.question(1));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");

            ResponseFunctionCallArgumentsDoneEvent call =
                    client.await("response.function_call_arguments.done").asResponseFunctionCallArgumentsDone();
            assertThat(call.name()).isEqualTo("get_weather");
            assertThat(call.arguments()).isEqualTo("{\"city\":\"Berlin\"}");
            client.await("response.done");
            client.send(
                    "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                            + call.callId() + "\",\"output\":\"It is " + CallingLfm3.OUTPUT + "\"}}");
            client.await("conversation.item.done");
            client.send("{\"type\":\"response.create\"}");
            RealtimeResponse second =
                    client.await("response.done").asResponseDone().response();

            assertThat(second.status()).contains(RealtimeResponse.Status.COMPLETED);
            // The message before the call is empty.
            assertThat(transcript(client)).isEqualTo(" " + CallingLfm3.ANSWER);
            assertThat(errors(client)).isEmpty();
        }
    }

    private static long cached(RealtimeResponse response) {
        return response.usage()
                .orElseThrow()
                .inputTokenDetails()
                .orElseThrow()
                .cachedTokens()
                .orElseThrow();
    }

    private static List<RealtimeServerEvent> errors(OfficialClient client) {
        return client.events().stream().filter(RealtimeServerEvent::isError).toList();
    }

    @Tag("full")
    @Test
    void argumentsThatAreNoJsonAreAnErrorAndTheSessionGoesOn() throws IOException {
        Path model = CallingModel.write(folder.resolve("model"), "{\"city\": Zürich}");
        try (Running running = Running.of(model, Running.OPTIONS);
                OfficialClient client =
                        new OfficialClient(running.server.address().getPort(), "none")) {
            client.await("conversation.created");
            client.send(SESSION);
            client.await("session.updated");
            for (int turn = 0; turn < 2; turn++) {
                client.send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                        + "\"content\":[{\"type\":\"input_text\",\"text\":\"How is the weather?\"}]}}");
                client.send("{\"type\":\"response.create\"}");
                assertThat(client.await("error").asError().error().code()).contains("invalid_tool_call");
                assertThat(client.await("response.done")
                                .asResponseDone()
                                .response()
                                .status())
                        .contains(RealtimeResponse.Status.FAILED);
            }
            assertThat(client.types()).noneMatch(type -> type.startsWith("response.function_call"));
        }
    }
}
