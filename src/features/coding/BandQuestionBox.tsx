import type { BandQuestion } from '../../state/encoding';
import { NoticeBox } from '../../ui/blocks';
import { Button } from '../../ui/controls';

interface BandQuestionBoxProps {
  readonly question: BandQuestion;
  /** What is done to the bands inside, e.g. `Encode`. */
  readonly verb: string;
  onAnswer(answer: 'covered' | 'cancel'): void;
}

/** What to do about bands that the model does not cover. */
export function BandQuestionBox({ question, verb, onAnswer }: BandQuestionBoxProps) {
  const { total, inside, outside, range } = question;
  const between = total - inside - outside;
  return (
    <NoticeBox
      kind="question"
      actions={
        <>
          <Button variant="primary" onClick={() => onAnswer('covered')}>
            {verb} the {inside} inside
          </Button>
          <Button onClick={() => onAnswer('cancel')}>Cancel</Button>
        </>
      }
    >
      {outside} of {total} bands lie outside {range}, which this codec covers
      {between > 0 && `; the ${between} in between are left out in any case (water vapour)`}.
    </NoticeBox>
  );
}
