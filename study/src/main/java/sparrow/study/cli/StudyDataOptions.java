package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import sparrow.study.data.Dataset;
import sparrow.study.data.Datasets;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.QuestionSet;
import sparrow.study.speak.CommandTextToSpeech;
import sparrow.study.speak.TextToSpeech;

/** Which questions a study asks, and how many at a time. */
final class StudyDataOptions {
    @Option(
            names = "--data",
            required = true,
            split = ",",
            paramLabel = "FORMAT:PATH",
            description = "Sets of questions: alpaca:FILE, llama:FILE, triviaqa:FILE, webquestions:FILE,"
                    + " voiceassistant:FILE or FOLDER, folder:FOLDER (questions.jsonl and WAV files). May be given"
                    + " several times.")
    private List<String> data;

    @Option(names = "--items", paramLabel = "N", description = "Only the first N questions of every set.")
    private int items = Integer.MAX_VALUE;

    @Option(
            names = "--speak",
            paramLabel = "COMMAND",
            description = "A program that speaks questions without a recording, with a place {wav} for the file that it"
                    + " writes, and {text}, or the text on its standard input: \"espeak-ng -w {wav} {text}\".")
    private String speak;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Questions whose replies are decoded together, which saves time. A run keeps its batches."
                    + " Default: ${DEFAULT-VALUE}.")
    private int batch;

    /** Questions whose replies are decoded together. */
    int batch() {
        return batch;
    }

    /** The questions, set by set; sets of one name are numbered. */
    List<QuestionSet> sets() throws IOException {
        if (items < 1) throw new IllegalArgumentException("--items: expected 1 or more, got " + items);
        List<QuestionSet> sets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String notation : data) {
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
     * What speaks the questions that have no recording.
     *
     * @param folder of the study, where spoken questions are kept
     */
    TextToSpeech textToSpeech(Path folder) {
        return speak == null ? TextToSpeech.none() : CommandTextToSpeech.of(speak, folder.resolve("questions"));
    }
}
