package sparrow.study.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.folder.FileDigest;

/**
 * The model of a run, as its settings keep it. The place of its files does not matter.
 *
 * @param name its own
 * @param fingerprint of its language model ({@link ModelFingerprint})
 * @param weights file format and element types
 * @param layers L
 * @param headLayers layers that have an exit head
 * @param heads SHA-256 of the file of exit heads; null if there is none
 * @param frameHeads the same of the exit heads of frames
 */
public record ModelSettings(
        String name,
        String fingerprint,
        String weights,
        int layers,
        List<Integer> headLayers,
        String heads,
        String frameHeads) {
    /**
     * The settings of an open model.
     *
     * @throws IOException if the file of exit heads cannot be read
     */
    public static ModelSettings of(SpokenModel model) throws IOException {
        LanguageModel lm = model.languageModel();
        return new ModelSettings(
                model.name(),
                ModelFingerprint.of(lm.transformer()).toString(),
                model.weightFormat(),
                lm.layers(),
                List.copyOf(lm.exitLayers()),
                digest(model.files().heads()),
                digest(model.files().frameHeads()));
    }

    private static String digest(Optional<Path> file) throws IOException {
        return file.isPresent() ? FileDigest.sha256(file.get()) : null;
    }

    /** The settings of its flow; null for the published ones. */
    public static String flow(SpokenModel model) {
        return model.flow().equals(FlowSettings.PUBLISHED) ? null : model.flow().toString();
    }
}
