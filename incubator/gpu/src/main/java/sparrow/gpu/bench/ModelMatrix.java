package sparrow.gpu.bench;

import java.util.List;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.gguf.PublishedModel;

/**
 * A matrix used in a decode step of a published model. Matrices with a common input are combined, as on a device.
 *
 * @param model name of the model
 * @param name descriptive name, such as "gate and up"
 * @param outputs number of rows
 * @param inputs number of columns
 */
record ModelMatrix(String model, String name, int outputs, int inputs) {
    /** Returns the matrices of a layer, followed by the matrices of the heads. */
    static List<ModelMatrix> of(PublishedModel model) {
        TransformerConfig c = model.config();
        int speech = model.tokens().allowedInSpeech().cardinality();
        return List.of(
                new ModelMatrix(model.name(), "query, key and value", c.queryWidth() + 2 * c.kvWidth(), c.width()),
                new ModelMatrix(model.name(), "attention output", c.width(), c.queryWidth()),
                new ModelMatrix(model.name(), "gate and up", 2 * c.ffnWidth(), c.width()),
                new ModelMatrix(model.name(), "down", c.width(), c.ffnWidth()),
                new ModelMatrix(model.name(), "output", c.vocabulary(), c.width()),
                new ModelMatrix(model.name(), "output, speech rows", speech, c.width()));
    }
}
