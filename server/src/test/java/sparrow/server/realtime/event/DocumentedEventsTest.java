package sparrow.server.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.server.ServerPages;

/** docs/server-api.md names every event of the protocol as it is spoken here. */
class DocumentedEventsTest {
    /** The types that are read, one for each kind of event. */
    private static final List<String> CLIENTS = List.of(
            "session.update",
            "input_audio_buffer.append",
            "input_audio_buffer.commit",
            "input_audio_buffer.clear",
            "conversation.item.create",
            "conversation.item.retrieve",
            "conversation.item.delete",
            "conversation.item.truncate",
            "response.create",
            "response.cancel",
            "output_audio_buffer.clear");

    @Test
    void thePageHasAllEventsOfTheServer() throws Exception {
        String page = ServerPages.api();

        List<String> types = typesOfTheServer();

        assertThat(types).contains("response.output_text.done", "error").hasSizeGreaterThan(25);
        // An error stands there as an example.
        assertThat(types)
                .allMatch(type -> page.contains("`" + type + "`") || page.contains("\"type\": \"" + type + "\""));
    }

    private static List<String> typesOfTheServer() throws Exception {
        List<String> types = new ArrayList<>();
        for (Class<?> kind : ServerEvent.class.getPermittedSubclasses()) {
            ServerEvent event = event(kind);
            JsonNode written = new ObjectMapper().readTree(ServerEvent.frame(event, "event_1"));
            assertThat(written.get("event_id").asText()).isEqualTo("event_1");
            types.add(written.get("type").asText());
        }
        assertThat(types).doesNotHaveDuplicates();
        return types;
    }

    /** An event without content. */
    private static ServerEvent event(Class<?> kind) throws ReflectiveOperationException {
        Constructor<?> constructor = kind.getDeclaredConstructors()[0];
        Object[] nothing = Arrays.stream(constructor.getParameterTypes())
                .map(type -> type == long.class
                        ? (Object) 0L
                        : type == int.class ? (Object) 0 : type == float.class ? 0f : null)
                .toArray();
        return (ServerEvent) constructor.newInstance(nothing);
    }

    @Test
    void thePageHasAllEventsOfTheClient() throws IOException {
        String page = ServerPages.api();

        assertThat(CLIENTS).hasSize(ClientEvent.class.getPermittedSubclasses().length - nameless());
        assertThat(CLIENTS).allMatch(type -> page.contains("| `" + type + "`"));
        assertThat(CLIENTS).allMatch(DocumentedEventsTest::isRead);
    }

    /** What is none of these has no type. */
    private static int nameless() {
        return List.of(ClientEvent.Configure.class, ClientEvent.Unreadable.class)
                .size();
    }

    private static boolean isRead(String type) {
        ClientEvent event = ClientEvent.read("{\"type\":\"" + type + "\"}").event();
        return !(event instanceof ClientEvent.Unreadable(var why))
                || !why.code().equals("unknown_event");
    }
}
