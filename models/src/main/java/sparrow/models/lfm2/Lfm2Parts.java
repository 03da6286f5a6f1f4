package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.config.JsonConfig;
import sparrow.models.family.Lazy.Loading;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.Resources;

/**
 * The content of an LFM2.5-Audio folder, in whichever files it lies; tensors have the names of the published safetensors, or of the
 * files that {@code convert} makes of them.
 *
 * @param files their places
 * @param config the sizes
 * @param tokenizer of text
 * @param weightFormat format and types of the language model's matrices, for people
 * @param backbone tensors of the language model
 * @param frames tensors of the depth decoder, and the embedding of frames
 * @param audioEncoder opens the tensors of the audio encoder
 * @param detokenizerConfig reads the sizes of the detokenizer
 * @param detokenizer opens its tensors; the caller closes them
 */
record Lfm2Parts(
        ModelFiles files,
        Lfm2Config config,
        Tokenizer tokenizer,
        String weightFormat,
        Checkpoint backbone,
        Checkpoint frames,
        Loading<Checkpoint> audioEncoder,
        Loading<JsonConfig> detokenizerConfig,
        Loading<Checkpoint> detokenizer) {
    /**
     * Opens the files of a folder.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @param resources close them
     * @throws sparrow.formats.weights.BadFileException if one is missing, broken or of another kind
     * @throws IOException if one cannot be read
     */
    static Lfm2Parts open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        return VendorGguf.isIn(folder)
                ? VendorGguf.open(folder, heads, resources)
                : Lfm2Folder.open(folder, heads, resources);
    }
}
