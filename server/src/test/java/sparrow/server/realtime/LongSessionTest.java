package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import sparrow.server.audio.Pcm16;
import sparrow.server.realtime.session.TalkingModel;
import sparrow.speech.wave.Waveform;

/** One session over the wire that says much more than the context of 1024 positions holds. */
@Tag("full")
class LongSessionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONTEXT = 1024;

    /** More positions than a spoken question has: two seconds at 12.5 codes, and what stands around them. */
    private static final int QUESTION = 50;

    /**
     * A turn.
     *
     * @param prefilled positions of the prompt that did not stand in the cache
     * @param evicted positions that were forgotten before it
     * @param bytes of keys and values that the session holds behind it
     */
    private record Answered(int prefilled, int evicted, long bytes) {}

    /** How the user says something. */
    private interface Questions {
        void ask(PlainClient client, int turn);
    }

    /** Long, and read in one pass: what fills a context takes little time. */
    private static void type(PlainClient client, int turn) {
        client.send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                + "\"content\":[{\"type\":\"input_text\",\"text\":\"" + ("What is " + turn % 9 + "? ").repeat(9)
                + "\"}]}}");
    }

    /** Of what is said, the server drops the oldest items itself where there are too many. */
    private static void say(PlainClient client, int turn) {
        Waveform question = TalkingModel.question(1 + turn % 12).at(24_000);
        String audio = Base64.getEncoder().encodeToString(Pcm16.encode(question.samples()));
        client.send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}");
        client.send("{\"type\":\"input_audio_buffer.commit\"}");
        client.await("\"input_audio_buffer.committed\"");
    }

    private static List<Answered> talk(Questions questions, int turns) throws Exception {
        List<Answered> all = new ArrayList<>();
        try (TalkingModel model = new TalkingModel();
                TestServer server =
                        new TestServer(model.served(), TestServer.options(2, TestServer.HALF_A_MINUTE), key -> true)) {
            PlainClient client = new PlainClient(server.port(), true, "realtime");
            client.await("\"session.created\"");
            client.send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":null}}}}");
            for (int turn = 0; turn < turns; turn++) {
                questions.ask(client, turn);
                client.send("{\"type\":\"response.create\",\"response\":{\"output_modalities\":[\"text\"],"
                        + "\"max_output_tokens\":20}}");
                JsonNode response =
                        JSON.readTree(client.await("\"response.done\"")).get("response");
                assertThat(response.get("status").asText()).as("%s", response).isIn("completed", "incomplete");
                // Whatever ended it, the context was not full.
                assertThat(response.at("/usage/total_tokens").asInt()).isBetween(30, CONTEXT - 1);
                all.add(new Answered(
                        response.at("/usage/input_tokens").asInt()
                                - response.at("/usage/input_token_details/cached_tokens")
                                        .asInt(),
                        response.at("/metadata/sparrow_evicted").asInt(0),
                        model.pool().status().kvIdle() + model.pool().status().kvReserved()));
            }
            client.close();
        }
        return all;
    }

    @Test
    void sessionGoesOnWhenItHasMoreTurnsThanTheModelWasTrainedFor() throws Exception {
        List<Answered> all = talk(LongSessionTest::type, 30);

        int kept = (int) all.stream().filter(turn -> turn.evicted() == 0).count();
        assertThat(kept).isBetween(2, 20);
        assertThat(all.subList(kept, 30)).allMatch(turn -> turn.evicted() > 0);
        assertThat(most(all)).isEqualTo(most(all.subList(0, 20)));
    }

    private static long most(List<Answered> turns) {
        return turns.stream().mapToLong(Answered::bytes).max().orElseThrow();
    }

    @Test
    @EnabledIfSystemProperty(named = "sparrow.soak", matches = "true", disabledReason = "takes minutes; -Psoak")
    void aThousandTurnsTakeNoMoreMemoryThanAHundredAndPrefillTheirQuestionsAlone() throws Exception {
        List<Answered> all = talk(LongSessionTest::say, 1000);

        int prefilled = all.subList(900, 1000).stream()
                .mapToInt(Answered::prefilled)
                .max()
                .orElseThrow();
        System.out.printf(
                "prefilled in a turn from 901 to 1000: %d positions at most; %d evictions; %d bytes%n",
                prefilled,
                all.stream().filter(turn -> turn.evicted() > 0).count(),
                all.getLast().bytes());
        assertThat(prefilled).isLessThan(QUESTION);
        assertThat(most(all.subList(900, 1000))).isLessThanOrEqualTo(most(all.subList(0, 100)));
        assertThat(all.stream().filter(turn -> turn.evicted() > 0).count()).isGreaterThan(50);
    }
}
