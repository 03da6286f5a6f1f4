/** Spoken language models: model families, conversations and the scheduler. */
module sparrow.models {
    requires com.fasterxml.jackson.databind;
    requires transitive sparrow.engine;
    requires transitive sparrow.speech;
    requires org.snakeyaml.engine.v2;

    exports sparrow.models;
    exports sparrow.models.chat;
    exports sparrow.models.family;
    exports sparrow.models.gguf;
    exports sparrow.models.pool;
}
