package sparrow.server.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sparrow.server.http.HttpExchange;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.ServedModel;

/** Handles {@code GET /v1/models} and {@code GET /v1/models/ID}. */
public final class ModelsEndpoint {
    private final ServedModel served;
    private final ModelInfo info;

    /** Creates an endpoint for the served model. */
    public ModelsEndpoint(ServedModel served) {
        this.served = served;
        this.info = ModelInfo.of(served);
    }

    private record All(String object, List<Entry> data) {}

    /**
     * A model in OpenAI's format.
     *
     * @param object the type of this object
     * @param created seconds since 1970
     * @param sparrow Sparrow's additional fields
     */
    private record Entry(String id, String object, long created, String ownedBy, Facts sparrow) {}

    /** Sparrow's additional fields. The caution is null unless the client requested another model. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Facts(@JsonUnwrapped ModelInfo info, String caution) {}

    /** Sends the list of models, which contains exactly one model. */
    public void list(HttpExchange exchange) throws IOException {
        exchange.sendJson(200, new All("list", List.of(entry(Optional.empty()))));
    }

    /**
     * Sends the named model.
     *
     * @throws RefusedException if there is no such model
     */
    public void one(HttpExchange exchange) throws IOException {
        exchange.sendJson(200, entry(served.acceptModel(exchange.rest())));
    }

    private Entry entry(Optional<String> caution) {
        Facts facts = new Facts(info, caution.orElse(null));
        return new Entry(served.id(), "model", served.created().getEpochSecond(), "sparrow", facts);
    }
}
