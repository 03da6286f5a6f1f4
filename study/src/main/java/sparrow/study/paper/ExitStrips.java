package sparrow.study.paper;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;
import sparrow.study.compare.SampleReply;
import sparrow.study.report.Markup;
import sparrow.study.run.StudyQuestion;

/**
 * Draws the exits of replies. Each reply is a strip with its first 26 speech positions.
 *
 * @param samples replies, question by question; full depth is the first policy of a question
 * @param layers number of layers
 */
record ExitStrips(List<SampleReply> samples, int layers) {
    private static final int POSITIONS = 26;
    private static final int CELL = 14;
    private static final int HEIGHT = 20;

    String html(List<String> policies) {
        StringBuilder html = new StringBuilder();
        Map<StudyQuestion, List<SampleReply>> byQuestion = samples.stream()
                .collect(Collectors.groupingBy(SampleReply::question, LinkedHashMap::new, Collectors.toList()));
        for (List<SampleReply> replies : byQuestion.values()) {
            html.append("<div class=\"strips\">\n<h3>")
                    .append(Markup.escaped(replies.getFirst().question().item().question()))
                    .append("</h3>\n");
            List<Step> full = speech(replies.getFirst());
            Set<String> played = new HashSet<>();
            for (String policy : policies) {
                replies.stream()
                        .filter(reply -> reply.policy().policies().equals(policy))
                        .forEach(reply -> html.append(row(reply, full, played)));
            }
            html.append("</div>\n");
        }
        return html.toString();
    }

    private String row(SampleReply sample, List<Step> full, Set<String> played) {
        boolean isNew =
                sample.wav() != null && played.add(sample.reply().speech().sha256());
        String player =
                isNew ? Markup.player(sample.wav()) : sample.wav() == null ? "no speech" : "the audio of a strip above";
        return "<div class=\"strip\"><code>%s</code>%s<span class=\"sound\">%s</span><span class=\"said\">%s</span></div>\n"
                .formatted(
                        Markup.escaped(sample.policy().policies()),
                        drawn(speech(sample), full),
                        player,
                        Markup.escaped(said(sample)));
    }

    private static String said(SampleReply sample) {
        String text = sample.reply().text();
        return sample.heard() == null ? text : text + " — heard: " + sample.heard();
    }

    private static List<Step> speech(SampleReply sample) {
        return sample.reply().steps().stream()
                .filter(step -> step.modality() == Modality.SPEECH)
                .limit(POSITIONS)
                .toList();
    }

    private String drawn(List<Step> steps, List<Step> full) {
        List<String> cells = new ArrayList<>();
        IntStream.range(0, steps.size()).forEach(i -> {
            Step step = steps.get(i);
            boolean early = step.exitLayer() < layers || step.draftLayer() > 0;
            boolean differs =
                    i >= full.size() || !step.unit().equals(full.get(i).unit());
            cells.add(
                    "<rect class=\"%s%s\" x=\"%d\" y=\"1\" width=\"12\" height=\"16\"/><text x=\"%d\" y=\"13\">%s</text>"
                            .formatted(
                                    early ? "early" : "full",
                                    differs ? " differs" : "",
                                    1 + i * CELL,
                                    7 + i * CELL,
                                    early ? "E" : "F"));
        });
        return "<svg class=\"cells\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"F and E of the first speech positions\">%s</svg>"
                .formatted(POSITIONS * CELL, HEIGHT, String.join("", cells));
    }
}
