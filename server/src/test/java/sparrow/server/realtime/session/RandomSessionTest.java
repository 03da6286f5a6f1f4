package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.reply.StopReason;

/**
 * Whatever a client sends and whatever the model does: the official client takes every event ({@link Talk} sees to it), all that
 * was added is done, every response ends once and says nothing after that, and items stand where the events say.
 */
class RandomSessionTest {
    private static final int EVENTS = 400;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whateverHappensTheEventsKeepTheirOrder(int seed) {
        Random random = new Random(seed);
        Talk talk = new Talk();
        Set<String> names = new HashSet<>();
        talk.model.hearsAtOnce = seed % 2 == 0;
        for (int i = 0; i < EVENTS; i++) {
            int before = talk.events.size();
            String event = "event-" + i;
            names.add(event);
            String sent = random.nextInt(3) == 0 ? null : client(talk, random, event);
            if (sent == null) model(talk, random);
            for (JsonNode error : errors(talk.events.subList(before, talk.events.size()))) {
                JsonNode about = error.at("/error/event_id");
                // Voice activity has no event, and an answer may have had to wait.
                assertThat(about.isNull() || names.contains(about.asText())).isTrue();
            }
        }
        finish(talk);
        hold(talk.events);
    }

    private String client(Talk talk, Random random, String event) {
        String frame = switch (random.nextInt(16)) {
            case 0 -> "{\"type\":\"input_audio_buffer.commit\"";
            case 1 -> "{\"type\":\"input_audio_buffer.clear\"";
            case 2, 3 -> "{\"type\":\"response.create\"";
            case 4 -> "{\"type\":\"response.cancel\"";
            case 5 -> "{\"type\":\"output_audio_buffer.clear\"";
            case 6 ->
                "{\"type\":\"conversation.item.truncate\",\"content_index\":0,\"audio_end_ms\":%d,\"item_id\":\"%s\""
                        .formatted(random.nextInt(1200), anItem(talk, random));
            case 7 -> "{\"type\":\"conversation.item.delete\",\"item_id\":\"%s\"".formatted(anItem(talk, random));
            case 8 -> "{\"type\":\"conversation.item.retrieve\",\"item_id\":\"%s\"".formatted(anItem(talk, random));
            case 9 -> """
                        {"type":"conversation.item.create","previous_item_id":"%s","item":{"type":"message","role":"user",
                        "content":[{"type":"input_text","text":"hello"}]}""".formatted(random.nextInt(4) == 0 ? "root" : anItem(talk, random));
            case 10 -> """
                        {"type":"response.create","response":{"conversation":"none","output_modalities":["text"]}""";
            case 11 ->
                """
                        {"type":"session.update","session":{"output_modalities":["%s"],"audio":{"input":{"turn_detection":%s}}}""".formatted(
                        random.nextBoolean() ? "text" : "audio",
                        random.nextInt(3) == 0
                                ? "null"
                                : "{\"type\":\"server_vad\",\"interrupt_response\":" + random.nextBoolean() + "}");
            case 12 -> "{\"type\":\"unheard.of\"";
            default -> null;
        };
        if (frame == null) {
            if (random.nextBoolean()) talk.speech(0.1 + random.nextDouble());
            else talk.silence(0.1 + random.nextDouble());
            talk.passes(random.nextDouble());
        } else {
            talk.send(frame + ",\"event_id\":\"" + event + "\"}");
        }
        return event;
    }

    private static String anItem(Talk talk, Random random) {
        List<String> items = talk.events.stream()
                .filter(event -> event.get("type").asText().equals("conversation.item.added"))
                .map(event -> event.at("/item/id").asText())
                .toList();
        return items.isEmpty() || random.nextInt(8) == 0 ? "item_none" : items.get(random.nextInt(items.size()));
    }

    private static void model(Talk talk, Random random) {
        if (random.nextInt(4) == 0) talk.model.hear();
        talk.model.full = random.nextInt(20) == 0;
        List<ScriptedModel.Asking> open =
                talk.model.askings.stream().filter(asking -> !asking.isOver()).toList();
        if (open.isEmpty()) return;
        ScriptedModel.Asking asking = open.get(random.nextInt(open.size()));
        if (asking.cancelled) {
            if (random.nextBoolean()) asking.text("late").speech(1);
            asking.end();
        } else if (!asking.begun) {
            asking.begin();
        } else {
            switch (random.nextInt(8)) {
                case 0 -> asking.end();
                case 1 -> asking.end(StopReason.NEW_TOKENS);
                case 2 -> asking.fail();
                case 3, 4 -> asking.text("word");
                default -> asking.speech(1 + random.nextInt(8));
            }
        }
    }

    private static void finish(Talk talk) {
        talk.model.full = false;
        talk.model.hear();
        for (int i = 0; i < talk.model.askings.size(); i++) {
            ScriptedModel.Asking asking = talk.model.askings.get(i);
            if (!asking.isOver()) asking.end();
            talk.model.hear();
        }
    }

    private static List<JsonNode> errors(List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.get("type").asText().equals("error"))
                .toList();
    }

    private static void hold(List<JsonNode> events) {
        List<String> items = new ArrayList<>();
        Set<String> itemsToBeDone = new HashSet<>();
        Set<String> outputsToBeDone = new HashSet<>();
        Set<String> partsToBeDone = new HashSet<>();
        Map<String, StringBuilder> words = new HashMap<>();
        Set<String> responses = new HashSet<>();
        Set<String> over = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode event : events) {
            String type = event.get("type").asText();
            assertThat(seen.add(event.get("event_id").asText())).isTrue();
            String item = event.at("/item/id").asText();
            JsonNode response = event.path("response_id");
            if (!response.isMissingNode() && !type.startsWith("output_audio_buffer")) {
                assertThat(responses).as(type).contains(response.asText());
                assertThat(over).as(type).doesNotContain(response.asText());
            }
            switch (type) {
                case "conversation.item.added" -> {
                    JsonNode previous = event.get("previous_item_id");
                    int at = previous.isNull() ? 0 : items.indexOf(previous.asText()) + 1;
                    assertThat(previous.isNull() || at > 0).isTrue();
                    items.add(at, item);
                    itemsToBeDone.add(item);
                }
                case "conversation.item.done" -> {
                    assertThat(itemsToBeDone.remove(item)).isTrue();
                    int at = items.indexOf(item);
                    assertThat(event.get("previous_item_id").asText("null"))
                            .isEqualTo(at == 0 ? "null" : items.get(at - 1));
                }
                case "conversation.item.deleted" ->
                    assertThat(items.remove(event.get("item_id").asText())).isTrue();
                case "response.created" ->
                    assertThat(responses.add(event.at("/response/id").asText())).isTrue();
                case "response.output_item.added" -> outputsToBeDone.add(item);
                case "response.output_item.done" ->
                    assertThat(outputsToBeDone.remove(item)).isTrue();
                case "response.content_part.added" ->
                    partsToBeDone.add(event.get("item_id").asText());
                case "response.content_part.done" ->
                    assertThat(partsToBeDone.remove(event.get("item_id").asText()))
                            .isTrue();
                case "response.output_audio_transcript.delta", "response.output_text.delta" ->
                    words.computeIfAbsent(response.asText(), key -> new StringBuilder())
                            .append(event.get("delta").asText());
                case "response.output_audio_transcript.done", "response.output_text.done" ->
                    assertThat(event.path("transcript")
                                    .asText(event.path("text").asText()))
                            .isEqualTo(words.getOrDefault(response.asText(), new StringBuilder())
                                    .toString());
                case "response.done" ->
                    assertThat(over.add(event.at("/response/id").asText())).isTrue();
                default -> {}
            }
        }
        assertThat(itemsToBeDone).isEmpty();
        assertThat(outputsToBeDone).isEmpty();
        assertThat(partsToBeDone).isEmpty();
        assertThat(over).isEqualTo(responses);
        assertThat(over).hasSizeGreaterThan(5);
    }
}
