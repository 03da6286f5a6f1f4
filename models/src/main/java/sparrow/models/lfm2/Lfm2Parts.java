package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.Checkpoint;
import sparrow.models.config.JsonConfig;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.Resources;

/** The content of an LFM2.5-Audio folder, in whichever files it lies; tensors have the names of the published safetensors,
 * or of the files that {@code convert} makes of them. */
interface Lfm2Parts {
    /**
     * Opens the files of a folder.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @param resources close them
     * @throws sparrow.engine.weights.BadFileException if one is missing, broken or of another kind
     * @throws IOException if one cannot be read
     */
    static Lfm2Parts of(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        return VendorGguf.isIn(folder)
                ? VendorGguf.open(folder, heads, resources)
                : Lfm2Folder.open(folder, heads, resources);
    }

    /** Their folder. */
    ModelFiles files();

    /** The sizes. */
    Lfm2Config config();

    /** The text tokenizer. */
    Tokenizer tokenizer();

    /** Format and types of the language model's matrices, for people. */
    String weightFormat();

    /** The tensors of the backbone. */
    Checkpoint backbone();

    /** The tensors of the depth decoder, and the embedding of frames. */
    Checkpoint frames();

    /** The tensors of the ear. */
    Checkpoint hearing() throws IOException;

    /** The sizes of what speaks. */
    JsonConfig detokenizerConfig() throws IOException;

    /** The tensors of what speaks; the caller closes them. */
    Checkpoint detokenizer() throws IOException;
}
