package sparrow.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.models.config.JsonConfig;

/** The model families, told apart by the {@code model_type} of a checkpoint's {@code config.json}. */
enum Family {
    GLM_4_VOICE,
    STEP_AUDIO_2;

    /**
     * The family of a folder. Without a {@code config.json} of its own it can only be one that holds the published
     * repositories of GLM-4-Voice.
     *
     * @throws sparrow.engine.weights.BadFileException if the type is unknown
     * @throws IOException if the file cannot be read
     */
    static Family of(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) return GLM_4_VOICE;
        JsonConfig json = JsonConfig.read(file);
        return switch (json.text("model_type").orElse("")) {
            case "chatglm" -> GLM_4_VOICE;
            case "step_audio_2" -> STEP_AUDIO_2;
            default -> throw json.wrong("model_type", "chatglm or step_audio_2");
        };
    }
}
