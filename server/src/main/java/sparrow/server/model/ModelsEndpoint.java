package sparrow.server.model;

import java.io.IOException;
import java.util.List;
import sparrow.server.http.Call;
import sparrow.server.http.HttpFailure;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.ServedModel;

/** {@code GET /v1/models}, and {@code GET /v1/models/ID}. */
public final class ModelsEndpoint {
    private final Entry only;

    /** Of the model that is served. */
    public ModelsEndpoint(ServedModel served) {
        this.only = new Entry(served.id(), "model", served.created().getEpochSecond(), "sparrow", ModelInfo.of(served));
    }

    private record All(String object, List<Entry> data) {}

    /**
     * A model as OpenAI's clients read it.
     *
     * @param object what this is
     * @param created in seconds since 1970
     * @param sparrow what only Sparrow tells
     */
    private record Entry(String id, String object, long created, String ownedBy, ModelInfo sparrow) {}

    /** Answers with all models, of which there is one. */
    public void list(Call call) throws IOException {
        call.sendJson(200, new All("list", List.of(only)));
    }

    /**
     * Answers with the model that is named.
     *
     * @throws HttpFailure if there is no such model
     */
    public void one(Call call) throws IOException {
        if (!call.rest().equals(only.id())) {
            throw HttpFailure.refused(new RefusedException(
                    "model_not_found", "model", "model: expected " + only.id() + ", got " + Json.brief(call.rest())));
        }
        call.sendJson(200, only);
    }
}
