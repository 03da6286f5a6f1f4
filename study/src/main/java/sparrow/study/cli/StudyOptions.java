package sparrow.study.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.Main;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.app.options.TokenOptions;
import sparrow.app.report.Machine;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.study.data.Dataset;
import sparrow.study.data.Datasets;
import sparrow.study.folder.ItemFiles;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunFolder;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.Decoding;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.StudySetup;
import sparrow.study.speak.CommandTextToSpeech;
import sparrow.study.speak.TextToSpeech;
import sparrow.tensor.kernel.Kernels;

/** A picocli mixin with the options that all studies share: the folder, the questions, the model and its decoding. */
final class StudyOptions {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "New or empty folder, or the same study's.")
    private Path out;

    @Option(
            names = "--data",
            split = ",",
            paramLabel = "SET",
            description = "Questions: folder:DIR, alpaca:FILE and others (docs/commands.md#study-compare).")
    private List<String> data;

    @Option(names = "--items", paramLabel = "N", description = "Use only the first N questions of each set.")
    private int items = Integer.MAX_VALUE;

    @Option(
            names = "--speak",
            paramLabel = "COMMAND",
            description = "Command that speaks typed questions, such as \"espeak-ng -w {wav} {text}\".")
    private String speak;

    @Option(
            names = "--set batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of questions to answer together, which saves time. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private AllowMissingOption allowMissingOption;

    @Mixin
    private TokenOptions tokenOptions;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Returns the study's folder, which commands check before long work. */
    Path out() {
        OutputPath.expectFolder("--out", out);
        return out;
    }

    /**
     * Returns the folder of a study that stores no settings.
     *
     * @throws BadFileException if the folder contains a study with settings, whose report would be replaced
     */
    Path outWithoutSettings() {
        Path folder = out();
        if (Files.exists(folder.resolve(RunFolder.SETTINGS))) {
            throw new BadFileException(folder, "holds another study; choose another --out");
        }
        return folder;
    }

    ModelOptions model() {
        return modelOptions;
    }

    /** Returns the question sets. Sets with equal names are numbered. */
    List<QuestionSet> sets() throws IOException {
        return readSets(data());
    }

    /** Returns the question sets in the notation of {@code --data}. */
    List<String> data() {
        return data(List.of());
    }

    /**
     * Returns the question sets in the notation of {@code --data}, or the default sets.
     *
     * @param defaults default sets, or empty if the option is required
     */
    List<String> data(List<String> defaults) {
        if (data == null && defaults.isEmpty()) {
            throw new IllegalArgumentException("--data: expected one set or more, got none");
        }
        return data == null ? defaults : data;
    }

    /** Reads at most the first {@code --items} questions of each given set. */
    List<QuestionSet> readSets(List<String> notations) throws IOException {
        if (items < 1) throw new IllegalArgumentException("--items: expected 1 or more, got " + items);
        List<QuestionSet> sets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String notation : notations) {
            Dataset dataset = Datasets.open(notation);
            String name = ItemFiles.name(dataset.name());
            String own = name;
            for (int number = 2; names.contains(own); number++) own = name + "-" + number;
            names.add(own);
            sets.add(QuestionSet.read(own, dataset, items));
        }
        return sets;
    }

    /**
     * Opens the model that answers the questions.
     *
     * @param mixedNumerics rule for resuming a run that used other numerics
     */
    Opened open(List<QuestionSet> sets, MixedNumerics mixedNumerics) throws IOException {
        return open(sets, List.of(), mixedNumerics);
    }

    /**
     * Opens the model that answers the questions.
     *
     * @param others additional sets that the study asks with the same decoding
     * @param mixedNumerics rule for resuming a run that used other numerics
     * @throws IOException also if the first question without a recording cannot be spoken
     */
    Opened open(List<QuestionSet> sets, List<QuestionSet> others, MixedNumerics mixedNumerics) throws IOException {
        TextToSpeech textToSpeech =
                speak == null ? TextToSpeech.none() : CommandTextToSpeech.of(speak, out.resolve("questions"));
        for (QuestionSet set : sets) StudyQuestion.speakFirst(set, textToSpeech);
        for (QuestionSet set : others) StudyQuestion.speakFirst(set, textToSpeech);
        ModelOptions.Opened opened = modelOptions.open();
        try {
            return new Opened(opened, sets, others, textToSpeech, mixedNumerics);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** A study with an open model. The study displays progress until it is closed or prints a report. */
    final class Opened implements AutoCloseable {
        private final ModelOptions.Opened model;
        private final StudySetup setup;
        private final ProgressBar progress = new ProgressBar();

        private Opened(
                ModelOptions.Opened opened,
                List<QuestionSet> sets,
                List<QuestionSet> others,
                TextToSpeech textToSpeech,
                MixedNumerics mixedNumerics) {
            model = opened;
            SpokenModel spoken = opened.model();
            int turns = Stream.concat(sets.stream(), others.stream())
                    .flatMap(set -> set.items().stream())
                    .mapToInt(item -> item.turns().size())
                    .max()
                    .orElse(1);
            Decoding decoding = new Decoding(tokenOptions.sampling(spoken), tokenOptions.limits(spoken, false, turns));
            setup = new StudySetup(spoken, sets, textToSpeech, decoding, batch, mixedNumerics);
        }

        StudySetup setup() {
            return setup;
        }

        SpokenModel model() {
            return setup.model();
        }

        RunProgress progress() {
            return progress;
        }

        /** Returns the commit of the build, which the script {@code sparrow} knows in a clone. */
        private static String commit() {
            String commit = System.getProperty("sparrow.commit", "");
            return commit.isEmpty() ? "" : ", commit " + commit;
        }

        /** Returns the origin of the results: this command, machine and model. */
        Origin origin() {
            Transformer transformer = model().languageModel().transformer();
            Kernels kernels = transformer.kernels();
            String command = "sparrow "
                    + String.join(
                            " ", spec.root().commandLine().getParseResult().originalArgs());
            return new Origin(
                    command,
                    Main.version() + commit(),
                    Machine.here(),
                    kernels.pool().threads(),
                    kernels.vectorBits(),
                    transformer.stack().describe());
        }

        /**
         * Prints the tables of a report, the counts of the study and the path of the page, or the report's JSON. Names
         * missing questions on standard error.
         *
         * @param page file name of the page, which lists all missing questions and scores
         * @return the exit code: 0, or 1 if the study is incomplete, unless {@code --allow-missing} is given
         */
        int print(Report report, String page, StudyCounts counts) {
            progress.close();
            PrintWriter stdout = spec.commandLine().getOut();
            if (json) stdout.println(report.json());
            else stdout.print(report.text() + "\n" + counts + "\n" + out.resolve(page) + "\n");
            stdout.flush();
            return allowMissingOption.exitCode(counts, out.resolve(page));
        }

        /** Prints an additional line, unless the output is JSON. */
        void note(String line) {
            if (json) return;
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }

        @Override
        public void close() {
            progress.close();
            model.close();
        }
    }
}
