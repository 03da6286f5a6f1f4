package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.Tool;

/** Calls and outputs among the items of a conversation; every event is held against the official client. */
class ToolItemsTest {
    private static final String OFFER = """
            {"type":"session.update","session":{"tools":[{"type":"function","name":"look"},
             {"type":"function","name":"wait","parameters":{"type":"object"}}]}}""";
    private static final String USER = """
            {"type":"conversation.item.create","item":{"type":"message","role":"user",
             "content":[{"type":"input_text","text":"Look!"}]}}""";

    private final Talk talk = Talk.manual();

    @BeforeEach
    void offer() {
        talk.model.callsTools = true;
        talk.send(OFFER);
        assertThat(talk.types()).containsExactly("session.updated");
    }

    private ScriptedModel.Asking ask() {
        talk.send(USER).create();
        return talk.model.asking().begin();
    }

    private void output(String callId, String output) {
        talk.send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                + callId + "\",\"output\":\"" + output + "\"}}");
    }

    /** Names of the calls that were told. */
    private List<String> calls() {
        return talk.events.stream()
                .filter(event -> event.get("type").asText().equals("response.function_call_arguments.done"))
                .map(event -> event.get("call_id").asText())
                .toList();
    }

    private String reply(ChatHistory chat, int turn) {
        return talk.model.text(chat.earlier().get(turn).reply());
    }

    @Test
    void outputsOfOneReplyAreOneQuestion() {
        ask().text("So").speech(2).call("look", "{\"a\":1}").call("wait", "{}").end();
        assertThat(talk.last("response.done").at("/response/output"))
                .extracting(item -> item.get("type").asText())
                .containsExactly("message", "function_call", "function_call");
        assertThat(talk.model.asking().chat.tools()).extracting(Tool::name).containsExactly("look", "wait");

        calls().forEach(call -> output(call, "of " + call));
        talk.create();

        ChatHistory chat = talk.model.asking().chat;
        assertThat(chat.question())
                .isEqualTo(new Question.ToolOutputs(
                        calls().stream().map(call -> "of " + call).toList()));
        assertThat(reply(chat, 0)).isEqualTo("So<look{\"a\":1}><wait{}>");
    }

    @Test
    void aCallBehindACancelIsNeitherToldNorKept() {
        ScriptedModel.Asking asking = ask().text("So").call("look", "{}");
        talk.send("{\"type\":\"response.cancel\"}");
        asking.call("wait", "{}").end();

        assertThat(calls()).hasSize(1);
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("cancelled");
        output(calls().getFirst(), "nothing");
        talk.create();
        assertThat(reply(talk.model.asking().chat, 0)).isEqualTo("So<look{}>");
    }

    @Test
    void aBadCallIsAnErrorAndTheSessionGoesOn() {
        ask().text("So").fail(new BadToolCallException("expected an end"));

        JsonNode error = talk.last("error").get("error");
        assertThat(error.get("code").asText()).isEqualTo("invalid_tool_call");
        assertThat(error.get("type").asText()).isEqualTo("server_error");
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("failed");
        assertThat(calls()).isEmpty();
        ask().call("look", "{}").end();
        assertThat(calls()).hasSize(1);
    }

    @Test
    void aClientPutsBackCallsOfBefore() {
        talk.send(USER).send("""
                        {"type":"conversation.item.create","item":{"type":"function_call","call_id":"c1","name":"look",
                         "arguments":"{}"}}""");
        output("c1", "a bird");
        talk.create();

        ChatHistory chat = talk.model.asking().chat;
        assertThat(reply(chat, 0)).isEqualTo("<look{}>");
        assertThat(chat.question()).isEqualTo(new Question.ToolOutputs(List.of("a bird")));
    }

    @Test
    void aDeletedCallIsForgottenAndATruncateOfItRefused() {
        ask().text("So").call("look", "{}").end();
        String item = talk.last("response.function_call_arguments.done")
                .get("item_id")
                .asText();
        talk.types();

        talk.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"" + item + "\"}");
        assertThat(talk.last("conversation.item.retrieved").at("/item/name").asText())
                .isEqualTo("look");
        talk.send("{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + item
                + "\",\"content_index\":0,\"audio_end_ms\":0}");
        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("unsupported_content_type");
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"" + item + "\"}");
        ask();
        assertThat(reply(talk.model.asking().chat, 0)).isEqualTo("So");
    }

    @Test
    void aResponseAsideCallsWithoutATrace() {
        talk.send(USER).types();
        talk.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");
        talk.model.asking().begin().call("look", "{}").end();

        assertThat(talk.types())
                .contains("response.function_call_arguments.done")
                .noneMatch(type -> type.startsWith("conversation.item"));
        talk.create();
        assertThat(talk.model.asking().chat.earlier()).isEmpty();
    }

    @Test
    void aResponseMayForbidCalls() {
        talk.send(USER).send("{\"type\":\"response.create\",\"response\":{\"tool_choice\":\"none\"}}");

        assertThat(talk.model.asking().chat.tools()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"session.update\",\"session\":{\"tool_choice\":\"required\"}} | unsupported_feature | session.tool_choice",
                "{\"type\":\"session.update\",\"session\":{\"tools\":[{\"type\":\"mcp\",\"name\":\"a\"}]}}"
                        + " | invalid_value | session.tools[0].type",
                "{\"type\":\"session.update\",\"session\":{\"tools\":[{\"type\":\"function\"}]}}"
                        + " | missing_required_parameter | session.tools[0].name",
                "{\"type\":\"session.update\",\"session\":{\"tools\":[{\"type\":\"function\",\"name\":\"a\",\"b\":1}]}}"
                        + " | unknown_parameter | session.tools[0].b",
                "{\"type\":\"response.create\",\"response\":{\"tools\":[{\"type\":\"function\",\"name\":\"?\"}]}}"
                        + " | invalid_value | response.tools[0].name",
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}}"
                        + " | invalid_value | item.call_id",
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"c\"}}"
                        + " | missing_required_parameter | item.output",
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"n\","
                        + "\"arguments\":\"[]\"}} | invalid_value | item.arguments",
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"n\","
                        + "\"arguments\":\"{}\",\"role\":\"user\"}} | unknown_parameter | item.role"
            })
    void wrongToolsAndItemsAreRefused(String frame, String code, String param) {
        talk.send(frame);

        JsonNode error = talk.last("error").get("error");
        assertThat(error.get("code").asText()).as(error.toString()).isEqualTo(code);
        assertThat(error.get("param").asText()).isEqualTo(param);
    }
}
