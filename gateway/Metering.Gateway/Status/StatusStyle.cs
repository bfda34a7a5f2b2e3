namespace Metering.Gateway.Status;

/// <summary>The style sheet of the gateway's pages. Colours always come with a word and a sign, so that none is needed to understand a page.</summary>
internal static class StatusStyle
{
    internal const string Css = """
        :root{color-scheme:light dark;--paper:#fff;--panel:#f5f7f8;--ink:#1b2126;--soft:#525c64;--rule:#dde3e7;--link:#0b5394;--line:#1a5a9e;
        --good:#0f6b3f;--bad:#a3200d;--open:#7a5200;--good-panel:#e3f3ea;--bad-panel:#fbe9e5;--open-panel:#fbf1dc}
        @media (prefers-color-scheme:dark){:root{--paper:#14181c;--panel:#1d2328;--ink:#eceff1;--soft:#a9b4bc;--rule:#333c43;--link:#8cc1f2;--line:#82b9f0;
        --good:#7fd6a4;--bad:#ff9a86;--open:#f0c36a;--good-panel:#17352a;--bad-panel:#43211c;--open-panel:#3b2f16}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        main,header,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
        header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding-top:1.25rem}
        h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .75rem}h3{font-size:1.05rem;margin:0;overflow-wrap:anywhere}
        a{color:var(--link)}nav{margin-left:auto;display:flex;gap:1rem}.soft{color:var(--soft)}
        .verdict{display:flex;gap:.6rem;align-items:baseline;border-radius:.5rem;padding:.7rem 1rem;margin:1rem 0;font-weight:600}
        .verdict small{font-weight:400;display:block}
        .good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
        .verdict.good{background:var(--good-panel)}.verdict.bad{background:var(--bad-panel)}.verdict.open{background:var(--open-panel)}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem;align-items:start}
        .card{background:var(--panel);border:1px solid var(--rule);border-left-width:.35rem;border-radius:.5rem;padding:.9rem 1rem;min-width:0}
        .card.good{border-left-color:var(--good)}.card.bad{border-left-color:var(--bad)}.card.open{border-left-color:var(--open)}
        .card.good,.card.bad,.card.open{color:var(--ink)}
        .top{display:flex;justify-content:space-between;gap:.75rem;align-items:baseline}
        .state{font-weight:600;white-space:nowrap}
        .value{font-size:1.6rem;font-variant-numeric:tabular-nums;margin:.35rem 0 0;line-height:1.2}.value small{font-size:.95rem;color:var(--soft)}
        .spark{display:block;width:100%;height:2.25rem;margin:.4rem 0}.spark path{fill:none;stroke:var(--line);stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
        .facts{display:grid;grid-template-columns:minmax(7rem,1fr) auto;gap:.1rem .9rem;margin:.4rem 0 0;font-variant-numeric:tabular-nums}.facts dt{color:var(--soft)}.facts dd{margin:0;text-align:right;max-width:13rem;overflow-wrap:break-word}
        .advice{margin:.6rem 0 0;border-top:1px solid var(--rule);padding-top:.6rem;font-size:.95rem}.advice p{margin:0 0 .3rem}.advice ol{margin:.2rem 0;padding-left:1.3rem}
        code{font:0.9em ui-monospace,"Liberation Mono",monospace;overflow-wrap:anywhere}
        details{margin-top:.5rem}summary{cursor:pointer;color:var(--link)}
        table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}td,th{padding:.15rem 0;text-align:left;font-weight:400;border-top:1px solid var(--rule)}td:last-child,th:last-child{text-align:right}
        .bar{display:block;width:100%;height:.5rem;margin:.35rem 0}.bar .back{fill:var(--rule)}.bar .fill{fill:var(--line)}.bar .full{fill:var(--bad)}
        form{display:grid;gap:.8rem;max-width:30rem}label{display:grid;gap:.2rem}input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.35rem;padding:.5rem .6rem;width:100%}
        button{font:inherit;font-weight:600;color:var(--paper);background:var(--link);border:0;border-radius:.35rem;padding:.6rem 1rem;justify-self:start}
        footer{padding-top:1.5rem;padding-bottom:2rem;font-size:.9rem;color:var(--soft);overflow-wrap:anywhere}
        """;
}
