package sparrow.study.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.speech.vocode.FlowSettings;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/**
 * The model that a worker opens, by paths on the worker's machine, because models are too large to be sent. Workers
 * compute on CPU threads, so that all of them produce the same results.
 *
 * @param folder folder of the checkpoint, or null for the bundled model
 * @param heads file or folder of exit heads, or null for the model's own heads
 * @param voice voice of its speech, or null for the model's own voice
 * @param flow settings of its flow
 * @param kv format of keys and values
 */
public record WorkerModel(String folder, String heads, String voice, FlowSettings flow, KvFormat kv) {
    /**
     * Opens the model.
     *
     * @throws IllegalArgumentException if the model is missing or invalid; the message is one line
     * @throws IOException if a file cannot be read
     */
    public SpokenModel open(ComputePool pool) throws IOException {
        OpenOptions options = new OpenOptions(path(heads), path(voice), flow);
        Kernels kernels = Kernels.create(pool).withKvFormat(kv);
        if (folder == null) return SpokenModels.bundled(options, kernels);
        Path checkpoint = Path.of(folder);
        if (!Files.isDirectory(checkpoint)) throw new BadFileException(checkpoint, "no such folder");
        return SpokenModels.open(checkpoint, options, kernels);
    }

    private static Optional<Path> path(String name) {
        return Optional.ofNullable(name).map(Path::of);
    }
}
