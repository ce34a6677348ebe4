import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about orders that are there. */
export const orders = {
  cannot_archive_primary_certificate: say(
    'この証明書は注文のプライマリ証明書です。',
    ['アーカイブできるのは以前の証明書と複製だけである'],
    '別の証明書をプライマリにする場合は、先に再発行してください。',
  ),
  cert_unavailable_processing: say(
    'ダウンロードする証明書は注文済みですが、まだ発行されていません。',
    ['注文が承認を待っている', '名前または組織の認証がまだ済んでいない'],
    '注文の状態が `issued` になるまで照会し、その後ダウンロードしてください。',
    'はい、注文が発行されれば成功します。',
  ),
  invalid_common_name_on_duplicate: say(
    '複製のコモンネームが注文のものではありません。',
    ['注文のコモンネームでも、注文の名前の一つでもない'],
    '注文のコモンネームを送ってください。名前を変えるには再発行します。',
  ),
  invalid_dns_name_on_duplicate: say(
    '複製に注文にない名前があります。',
    ['名前が追加された', 'ワイルドカードの注文で、その配下ではない名前である'],
    'その名前を省いてください。名前を追加するには再発行します。',
  ),
  missing_dns_name_on_duplicate: say(
    '複製に注文の名前が足りません。',
    ['dns_names に注文のすべての名前が含まれていない'],
    '注文のすべての名前を送ってください。',
  ),
  order_not_eligible_for_duplicate: say(
    'この注文は複製できません。',
    ['製品が複製を許可していない', '注文が発行済みでない、期限切れ、または失効している'],
    '再発行するか、新しく注文してください。',
  ),
  order_not_eligible_for_renewal: say(
    'renewal_of_order_id の注文は更新できません。',
    [
      '発行されていない、失効した、または取り消された',
      '期限がまだ先である、または期限切れから長く経っている',
    ],
    'renewal_of_order_id を省いて注文するか、更新期間まで待ってください。',
  ),
  order_already_revoked: say(
    '失効させる注文は、すべての証明書とともにすでに失効しています。',
    ['以前に失効された'],
    '対応は不要です。プログラムは成功とみなせます。',
  ),
  order_renewed_already: say(
    'renewal_of_order_id の注文はすでに更新されています。',
    ['別の注文がその更新になっている'],
    '更新後の注文を使うか、renewal_of_order_id を省いて注文してください。',
  ),
  pending_reissue: say(
    'この注文には保留中の再発行があります。',
    ['承認または名前の検証を待っている'],
    '完了させるか、PUT /order/certificate/{id}/status で取り消してください。',
    '保留中の再発行が発行または取り消された後に再試行できます。',
  ),
} satisfies Explanations
