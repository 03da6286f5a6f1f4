package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A talker of Realtime over GPT-Live. */
class LiveWireTest {
    private static final String SOUND = "{\"type\":\"session.output_audio.delta\",\"delta\":\"AAAA\"}";
    private static final String USAGE = "{\"type\":\"session.usage.updated\",\"usage\":{\"seconds\":1}}";

    private final List<String> sent = new ArrayList<>();
    private final LiveWire wire = new LiveWire(sent::add);

    private List<String> types(double seconds, String event) throws Exception {
        List<String> types = new ArrayList<>();
        for (JsonNode one : wire.events(Math.round(seconds * 1e9), new ObjectMapper().readTree(event))) {
            String answer =
                    one.path("response_id").asText(one.at("/response/id").asText());
            types.add(one.get("type").asText() + " " + answer);
        }
        return types;
    }

    @Test
    void soundBeginsAnAnswerAndUseEndsIt() throws Exception {
        assertThat(types(1, SOUND))
                .containsExactly("response.created answer-1", "response.output_audio.delta answer-1");
        assertThat(types(1.1, USAGE)).containsExactly("response.done answer-1");
        assertThat(types(1.3, SOUND)).as("paced").containsExactly("response.output_audio.delta answer-1");
        assertThat(types(3, SOUND))
                .containsExactly("response.created answer-2", "response.output_audio.delta answer-2");
    }

    @Test
    void anAnswerWithoutSoundIsDoneToo() throws Exception {
        assertThat(types(1, USAGE)).containsExactly("response.created answer-1", "response.done answer-1");
    }

    @Test
    void theTalkersEventsHaveOtherNames() {
        wire.send(ClientEvents.session(TurnTaking.SERVER_VAD));
        wire.send(Recording.SILENCE);
        wire.send(ClientEvents.truncate("item", 1));

        assertThat(sent).hasSize(2);
        assertThat(sent.get(0)).startsWith("{\"type\":\"session.start\"");
        assertThat(sent.get(1)).startsWith("{\"type\":\"session.input_audio.append\",\"audio\":\"AAAA");
    }
}
