package sparrow.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Gguf;
import sparrow.models.family.Family;
import sparrow.models.family.Layout;
import sparrow.models.glm4voice.Glm4VoiceFamily;
import sparrow.models.lfm2.Lfm2Family;
import sparrow.models.lfm3.Lfm3Family;
import sparrow.models.stepaudio.StepAudioFamily;

/** The supported model families. */
final class Families {
    static final List<Family> ALL =
            List.of(new Glm4VoiceFamily(), new StepAudioFamily(), new Lfm3Family(), new Lfm2Family());

    private Families() {}

    /**
     * Returns the family of a checkpoint folder.
     *
     * @throws BadFileException if the folder does not belong to a supported family
     * @throws IOException if a file cannot be read
     */
    static Family of(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) throw new BadFileException(folder, "expected a model folder, found a file");
        if (!Files.isDirectory(folder)) throw new BadFileException(folder, "no such model folder");
        for (Family family : ALL) {
            if (family.reads(folder)) return family;
        }
        throw unknown(folder);
    }

    private static BadFileException unknown(Path folder) throws IOException {
        String types = values("model_type") + ", or architectures " + values("architectures");
        Optional<Path> config =
                layouts().flatMap(layout -> layout.config(folder).stream()).findFirst();
        if (config.isPresent()) return JsonFile.read(config.get()).wrong("model_type", types);
        requireWhole(folder);
        String inside = layouts()
                .flatMap(layout -> layout.languageModelFolders().stream())
                .collect(Collectors.joining(" or "));
        return new BadFileException(
                folder,
                "language model",
                "expected " + Layout.CONFIG + " of model_type " + types + ", here or in a folder " + inside
                        + ", found "
                        + (Files.exists(folder.resolve("model.gguf"))
                                ? "only model.gguf, a language model without its audio parts"
                                : "none"));
    }

    /** Checks that the GGUF files by whose keys families are recognised are not damaged. */
    private static void requireWhole(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".gguf") && !name.equals("model.gguf"))
                    Gguf.open(file).close();
            }
        }
    }

    private static String values(String key) {
        return layouts()
                .filter(layout -> layout.key().equals(key))
                .map(Layout::value)
                .collect(Collectors.joining(" or "));
    }

    private static Stream<Layout> layouts() {
        return ALL.stream().map(Family::layout);
    }
}
