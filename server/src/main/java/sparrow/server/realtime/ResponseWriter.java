package sparrow.server.realtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import sparrow.server.realtime.ServerEvent.ResponseView;
import sparrow.server.realtime.ServerEvent.Status;
import sparrow.server.realtime.ServerEvent.Usage;

/** Writes responses. */
final class ResponseWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ResponseWriter() {}

    static ObjectNode write(ResponseView response) {
        ObjectNode node = JSON.objectNode()
                .put("id", response.id())
                .put("object", "realtime.response")
                .put("status", name(response.status()));
        details(node, response);
        node.set("output", ServerEventWriter.items(response.output()));
        node.put("conversation_id", response.conversationId().orElse(null));
        node.putArray("output_modalities").add(response.modality().wire());
        SessionWriter.maxOutputTokens(node, response.maxOutputTokens());
        node.putObject("audio")
                .putObject("output")
                .<ObjectNode>set("format", SessionWriter.format(response.format()))
                .put("voice", response.voice());
        ObjectNode metadata = node.putObject("metadata");
        response.metadata().forEach(metadata::put);
        response.usage().ifPresentOrElse(usage -> node.set("usage", usage(usage)), () -> node.putNull("usage"));
        return node;
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void details(ObjectNode node, ResponseView response) {
        if (response.reason().isEmpty() && response.problem().isEmpty()) {
            node.putNull("status_details");
            return;
        }
        ObjectNode details = node.putObject("status_details").put("type", name(response.status()));
        response.reason().ifPresent(reason -> details.put("reason", reason));
        response.problem()
                .ifPresent(problem -> details.putObject("error")
                        .put("type", problem.type())
                        .put("code", problem.code())
                        .put("message", problem.message()));
    }

    private static ObjectNode usage(Usage usage) {
        int output = usage.outputText() + usage.outputAudio();
        ObjectNode node = JSON.objectNode()
                .put("total_tokens", usage.input() + output)
                .put("input_tokens", usage.input())
                .put("output_tokens", output);
        node.putObject("input_token_details")
                .put("text_tokens", usage.input() - usage.inputAudio())
                .put("audio_tokens", usage.inputAudio())
                .put("cached_tokens", usage.cached());
        node.putObject("output_token_details")
                .put("text_tokens", usage.outputText())
                .put("audio_tokens", usage.outputAudio());
        return node;
    }
}
