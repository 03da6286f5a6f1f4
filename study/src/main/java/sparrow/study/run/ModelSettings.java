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
 * The model of a run in its settings, independent of the paths of its files.
 *
 * @param name name of the model
 * @param fingerprint fingerprint of its language model ({@link ModelFingerprint})
 * @param weights file format and element types
 * @param layers number of layers L
 * @param headLayers layers with an exit head
 * @param heads SHA-256 digest of the file of exit heads, or null if there is none
 * @param frameHeads SHA-256 digest of the file of exit heads for frames, or null if there is none
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
     * Returns the settings of an open model.
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

    /** Returns the settings of the model's flow, or null if they are the published settings. */
    public static String flow(SpokenModel model) {
        return model.flow().equals(FlowSettings.PUBLISHED) ? null : model.flow().toString();
    }
}
