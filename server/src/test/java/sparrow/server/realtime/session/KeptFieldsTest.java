package sparrow.server.realtime.session;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.EveryField;
import sparrow.server.realtime.event.ClientEvent;

/** A session counts what it keeps of an event, in whichever field it came. */
@Tag("full")
class KeptFieldsTest {
    private static final String SESSION = """
            {"type":"session.update","session":{"type":"realtime","object":"realtime.session","id":"sess","model":"scripted",
            "expires_at":1,"output_modalities":["audio"],"instructions":"be brief","audio":{
            "input":{"format":{"type":"audio/pcm","rate":24000},"turn_detection":{"type":"server_vad"},
            "transcription":{"model":"any","language":"en","prompt":""},"noise_reduction":{"type":"near_field"}},
            "output":{"format":{"type":"audio/pcm","rate":24000},"voice":"default","speed":1}},"max_output_tokens":100,
            "tools":[],"tool_choice":"auto","truncation":"auto","include":[],"prompt":{"id":"p"},"tracing":"auto",
            "sparrow":null,"parallel_tool_calls":true,"reasoning":{"effort":"low"}}}""";

    private static final String TYPED = """
            {"type":"conversation.item.create","previous_item_id":"root","item":{"type":"message","id":"a","object":"realtime.item",
            "status":"completed","role":"user","content":[{"type":"input_text","text":"hello"}]}}""";

    private static final String SPOKEN = """
            {"type":"conversation.item.create","previous_item_id":null,"item":{"type":"message","role":"user","content":[
            {"type":"input_audio","audio":"AQABAAEA","transcript":"hello"}]}}""";

    /** Images are refused. */
    private static final String IMAGE = """
            {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[
            {"type":"input_image","image_url":"data:,","file_id":"f","detail":"auto"}]}}""";

    private static final String CALL = """
            {"type":"conversation.item.create","item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}""";

    private static final String OUTPUT = """
            {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"4"}}""";

    private static final String RESPONSE = """
            {"type":"response.create","response":{"instructions":"be brief","output_modalities":["audio"],
            "max_output_tokens":100,"metadata":{"k":"v"},"audio":{"output":{"format":{"type":"audio/pcm","rate":24000},
            "voice":"default","speed":1}},"conversation":"auto","input":[{"type":"message","id":"a","object":"realtime.item",
            "status":"completed","role":"user","content":[{"type":"input_text","text":"hello"}]}],"tools":[],
            "tool_choice":"auto","sparrow":null,"parallel_tool_calls":true,"prompt":{"id":"p"},"reasoning":{"effort":"low"}}}""";

    private static Talk talk(String event) {
        Talk talk = new Talk();
        talk.model.callsTools = true;
        talk.send(event);
        talk.events.clear();
        return talk;
    }

    @Test
    void theExamplesHaveAllFields() {
        EveryField.assertComplete(ClientEvent.UpdateSession.class, SESSION);
        EveryField.assertComplete(ClientEvent.CreateItem.class, TYPED, SPOKEN, IMAGE, CALL, OUTPUT);
        EveryField.assertComplete(
                ClientEvent.CreateResponse.class,
                RESPONSE,
                "{\"response\":{\"input\":[" + CALL.substring(CALL.indexOf("{\"type\":\"function"), CALL.length() - 1)
                        + "]}}",
                "{\"response\":{\"input\":[{\"output\":1,\"content\":[{\"audio\":1,\"transcript\":1}]}]}}",
                "{\"response\":{\"input\":[{\"content\":[{\"image_url\":1,\"file_id\":1,\"detail\":1}]}]}}");
    }

    @Test
    void settingsItemsAndResponsesAreCounted() {
        for (String event : List.of(SESSION, TYPED, SPOKEN, IMAGE, CALL, OUTPUT, RESPONSE)) {
            EveryField.assertCounted(event, KeptFieldsTest::talk);
        }
    }

    /** It is kept as it was sent, with the audio of its input. */
    @Test
    void aResponseThatWaitsForTheEndOfACancelledOneIsCounted() {
        EveryField.assertCounted(RESPONSE, KeptFieldsTest::afterACancelledOne);
        EveryField.assertCounted(
                RESPONSE.replace("\"input_text\",\"text\":\"hello\"", "\"input_audio\",\"audio\":\"AQABAAEA\""),
                KeptFieldsTest::afterACancelledOne);
    }

    private static Talk afterACancelledOne(String event) {
        Talk talk = Talk.manual();
        talk.speech(0.2).commit();
        talk.create();
        talk.send("{\"type\":\"response.cancel\"}").send(event);
        talk.events.clear();
        return talk;
    }
}
