package sparrow.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ResponseState;
import sparrow.server.realtime.event.ServerEvent;

/**
 * Reports calls of tools to a client of GPT-Live as the work of a Responses model to which the voice delegated. All
 * calls of a reply are one delegation.
 */
final class ToolDelegation {
    private final String modelId;
    private final Consumer<LiveServerEvent> out;

    /** The delegation of the running reply; null if it has called no tool. */
    private String id;

    ToolDelegation(String modelId, Consumer<LiveServerEvent> out) {
        this.modelId = modelId;
        this.out = out;
    }

    /** A reply begins. */
    void begin() {
        id = null;
    }

    /** The model called a tool. */
    void called(String responseId, int index, Item.FunctionCall call, long offsetMs) {
        if (id == null) {
            id = Ids.UNGUESSABLE.next("dlg_");
            out.accept(new LiveServerEvent.DelegationCreated(
                    new LiveServerEvent.Delegation(id, "delegation", "responses", responseId), offsetMs));
            lifecycle("response.created", responseId, "in_progress");
        }
        ObjectNode item = Json.tree(call);
        item.remove("object");
        ObjectNode event = Json.tree(Map.of("type", "response.output_item.done", "output_index", index));
        out.accept(new LiveServerEvent.ResponseEvent(event.set("item", item), id));
    }

    /** A reply is over. */
    void end(ServerEvent.ResponseView response) {
        if (id == null) return;
        String status = response.status() == ResponseState.COMPLETED ? "completed" : "incomplete";
        lifecycle("response." + status, response.id(), status);
    }

    private void lifecycle(String type, String responseId, String status) {
        Map<String, String> response =
                Map.of("id", responseId, "object", "response", "status", status, "model", modelId);
        out.accept(new LiveServerEvent.ResponseEvent(Json.tree(Map.of("type", type, "response", response)), id));
    }
}
