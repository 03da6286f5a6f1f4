package sparrow.study.compare;

import sparrow.study.run.KeptReply;
import sparrow.study.run.StudyQuestion;

/** One reply of a row and its scores. */
record ItemResult(StudyQuestion asked, KeptReply reply, ReplyScores scores) {}
