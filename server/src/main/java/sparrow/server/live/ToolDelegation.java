package sparrow.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ResponseState;
import sparrow.server.realtime.event.ServerEvent;

/**
 * Reports tool calls as the work of a Responses model to which the voice model has delegated a task. All calls of a
 * reply belong to one delegation.
 */
final class ToolDelegation {
    private final String modelId;
    private final Consumer<ObjectNode> out;

    /** The current reply's delegation, or null if the reply has not called a tool. */
    private String id;

    ToolDelegation(String modelId, Consumer<ObjectNode> out) {
        this.modelId = modelId;
        this.out = out;
    }

    /** Begins a reply. */
    void begin() {
        id = null;
    }

    /** Reports a call. The offset is in milliseconds since the session's start. */
    void called(String responseId, int index, Item.FunctionCall call, long offsetMs) {
        if (id == null) {
            id = Ids.UNGUESSABLE.next("dlg_");
            ObjectNode created =
                    LiveServerEvent.of("session.delegation.created").put("offset_ms", offsetMs);
            created.putObject("delegation")
                    .put("id", id)
                    .put("type", "delegation")
                    .put("target", "responses")
                    .put("response_id", responseId);
            out.accept(created);
            report("response.created", responseId, "in_progress");
        }
        ObjectNode item = Json.tree(call);
        item.remove("object");
        report(LiveServerEvent.object("response.output_item.done")
                .put("output_index", index)
                .set("item", item));
    }

    /** Ends a reply. */
    void end(ServerEvent.ResponseView response) {
        if (id == null) return;
        String status = response.status() == ResponseState.COMPLETED ? "completed" : "incomplete";
        report("response." + status, response.id(), status);
    }

    private void report(String type, String responseId, String status) {
        ObjectNode event = LiveServerEvent.object(type);
        event.putObject("response")
                .put("id", responseId)
                .put("object", "response")
                .put("status", status)
                .put("model", modelId);
        report(event);
    }

    private void report(ObjectNode event) {
        out.accept(LiveServerEvent.of("response.event").put("delegation_id", id).set("event", event));
    }
}
