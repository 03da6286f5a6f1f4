package sparrow.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.EveryField;

/** A GPT-Live session counts what it keeps of an event, in whichever field it came. */
@Tag("full")
class KeptLiveFieldsTest {
    private static final String SETTINGS = """
            {"model":"gpt-live-1","instructions":"be brief","audio":{"format":{"type":"audio/pcm","rate":24000},
            "output":{"voice":{"id":"default"}}},"delegation":{"type":"responses","responses":{"model":"any",
            "instructions":"be brief","tools":[],"tool_choice":"auto","metadata":{"k":"v"}},"acknowledgement_delay_ms":5},
            "input":[{"type":"message","id":"a","object":"realtime.item","status":"completed","role":"user",
            "content":[{"type":"input_text","text":"hello"}]},{"type":"message","role":"user",
            "content":[{"type":"input_audio","audio":"AQABAAEA","transcript":"hello"}]}],"store":false,
            "safety_identifier":"s","client":{"k":"v"}}""";

    private static final String UPDATE = """
            {"type":"session.update","session":{"delegation":{"type":"responses","acknowledgement_delay_ms":5,
            "responses":{"instructions":"be brief","tools":[],"tool_choice":"auto","other":1}}}}""";

    private static LiveTalk talk(String settings) {
        LiveTalk talk = new LiveTalk(settings, true);
        talk.sent.clear();
        return talk;
    }

    /** Returns nothing if the official client cannot read what the server answers to strange settings. */
    private static Object reached(Supplier<LiveTalk> talk) {
        try {
            return talk.get();
        } catch (AssertionError e) {
            return "";
        }
    }

    @Test
    void theExamplesHaveAllFields() {
        EveryField.assertComplete(
                LiveSettings.class,
                SETTINGS,
                "{\"input\":[{\"call_id\":1,\"name\":1,\"arguments\":1,\"output\":1}]}",
                "{\"input\":[{\"content\":[{\"image_url\":1,\"file_id\":1,\"detail\":1}]}]}");
        EveryField.assertComplete(LiveEvent.Update.class, UPDATE);
    }

    @Test
    void settingsAreCounted() {
        EveryField.assertCounted(SETTINGS, settings -> reached(() -> talk(settings)));
    }

    @Test
    void changedSettingsAreCounted() {
        EveryField.assertCounted(UPDATE, event -> {
            LiveTalk talk = talk(
                    "{\"model\":\"gpt-live-1\",\"delegation\":{\"type\":\"responses\",\"responses\":{\"model\":\"any\"}}}");
            reached(() -> talk.send(event));
            talk.sent.clear();
            return talk;
        });
    }

    /** Before, every update added keys. */
    @Test
    void updatesDoNotAddUp() {
        LiveTalk talk = talk(
                "{\"model\":\"gpt-live-1\",\"delegation\":{\"type\":\"responses\",\"responses\":{\"model\":\"any\"}}}");

        for (int i = 0; i < 4; i++) {
            talk.send("""
                    {"type":"session.update","session":{"delegation":{"type":"responses","responses":{"key%d":"x"}}}}""".formatted(i));
        }

        talk.send("{\"type\":\"session.update\",\"session\":{}}");
        assertThat(talk.sent
                        .getLast()
                        .event()
                        .at("/session/delegation/responses")
                        .size())
                .isOne();
    }
}
