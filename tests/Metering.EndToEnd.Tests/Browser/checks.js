// What every page must keep, whatever it shows. Put into each page before its own content; each check answers a list of faults.
(() => {
  'use strict';
  const violations = [];
  document.addEventListener('securitypolicyviolation', event => violations.push(`${event.effectiveDirective} ${event.blockedURI}`));

  const name = element => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '')
    + [...element.classList].map(each => '.' + each).join('') + ' ' + JSON.stringify((element.textContent || '').trim().slice(0, 40));
  const isShown = element => element.checkVisibility({ visibilityProperty: true });
  const focusable = () => [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')]
    .filter(element => element.tabIndex >= 0 && !element.disabled && element.type !== 'hidden' && isShown(element));
  const isOnScreen = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  };

  window.pageChecks = {
    policy: () => violations,

    structure(language) {
      const faults = [];
      const expect = (isTrue, fault) => { if (!isTrue) { faults.push(fault); } };
      expect(document.documentElement.lang === language, `html lang is '${document.documentElement.lang}', not '${language}'`);
      expect(document.title.trim().length > 0, 'the title is empty');
      expect(document.querySelectorAll('h1').length === 1, `there are ${document.querySelectorAll('h1').length} h1`);
      expect(document.querySelectorAll('main').length === 1, `there are ${document.querySelectorAll('main').length} main`);
      const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
      expect(new Set(ids).size === ids.length, `ids that are there twice: ${ids.filter((id, index) => ids.indexOf(id) !== index).slice(0, 5)}`);
      return faults;
    },

    labels() {
      const text = id => (document.getElementById(id)?.textContent || '').trim();
      return [...document.querySelectorAll('input:not([type=hidden]),select,textarea,button')]
        .filter(control => ![...(control.labels || [])].some(label => label.textContent.trim())
          && !(control.getAttribute('aria-label') || '').trim()
          && !(control.getAttribute('aria-labelledby') || '').split(' ').some(text)
          && !(control.tagName === 'BUTTON' && control.textContent.trim())
          && !(['submit', 'reset', 'button'].includes(control.type) && control.value))
        .map(name);
    },

    sideways() {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) {
        return [];
      }

      const scrolls = element => element && element !== document.body && element !== root
        && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
      const wide = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !scrolls(element.parentElement));
      return [`${root.scrollWidth} wide on ${root.clientWidth}: ${wide.slice(-2).map(name).join(', ')}`];
    },

    // Words that a reader cannot make out: labels of a chart over each other or past its edge, words cut off, a column so narrow that a sentence becomes a ladder.
    legible() {
      const faults = [];
      const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1.5
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;
      for (const chart of [...document.querySelectorAll('svg.chart')].filter(isShown)) {
        const edge = chart.getBoundingClientRect();
        const labels = [...chart.querySelectorAll('text')].map(label => ({ words: label.textContent, box: label.getBoundingClientRect() })).filter(label => label.box.width > 0);
        labels.forEach((label, index) => {
          const over = labels.slice(index + 1).find(other => meet(label.box, other.box));
          if (over) { faults.push(`in ${chart.id} "${label.words}" stands over "${over.words}"`); }
          if (label.box.left < edge.left - 12 || label.box.right > edge.right + 12 || label.box.top < edge.top - 2 || label.box.bottom > edge.bottom + 2) {
            faults.push(`in ${chart.id} "${label.words}" stands past the edge`);
          }
        });
      }

      for (const cell of [...document.querySelectorAll('th,td,dt,dd,button,label,input[readonly]')].filter(isShown)) {
        const words = (cell.value || cell.textContent || '').trim();
        const lineHeight = parseFloat(getComputedStyle(cell).fontSize) * 1.5;
        if (words.length > 30 && cell.clientHeight > 12 * lineHeight) {
          const text = document.createRange();
          text.selectNodeContents(cell); // a cell is as high as the highest of its row: what counts is its own text
          const lines = Math.round(text.getBoundingClientRect().height / lineHeight);
          if (lines >= 12 && words.length / lines < 12) { faults.push(`a ladder of ${lines} lines: ${name(cell)}`); }
        }

        if (cell.tagName === 'INPUT' ? cell.scrollWidth > cell.clientWidth + 1 : cell.scrollWidth > cell.clientWidth + 2 && getComputedStyle(cell).overflowX === 'hidden') {
          faults.push(`cut off: ${name(cell)}`);
        }
      }

      return faults.slice(0, 8);
    },

    // After one press of Tab: the way past the navigation must be seen.
    skipLink() {
      const link = document.activeElement;
      const target = link?.getAttribute('href')?.startsWith('#') ? document.getElementById(link.getAttribute('href').slice(1)) : null;
      return !target || !target.closest('main') ? [`the first press of Tab reaches ${name(link)}, not a link to main`]
        : !isOnScreen(link) ? ['the link to main cannot be seen when it has the focus'] : [];
    },

    // After Enter on that link and one more Tab: the focus must be behind the navigation.
    afterSkip() {
      const here = document.activeElement;
      const main = document.querySelector('main');
      return main.contains(here) || (main.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) ? [] : [`after the link to main, Tab reaches ${name(here)}`];
    },

    // Runs after a key was pressed, so that the browser shows the focus as it does for a keyboard.
    focus() {
      return focusable().filter(element => {
        element.focus();
        const style = getComputedStyle(element);
        const hasOutline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        return document.activeElement !== element || (!hasOutline && style.boxShadow === 'none');
      }).slice(0, 5).map(name);
    },

    openAll: () => document.querySelectorAll('details').forEach(element => { element.open = true; }),

    // Rows of a table are alike: a thousand of them cost axe-core minutes and say nothing that thirty do not.
    thin: most => document.querySelectorAll('tbody').forEach(body => [...body.rows].slice(most).forEach(row => row.remove())),

    // The page's own part and its frame, without what differs on every loading: the mark of a form, whose name stands above, the moment.
    parts() {
      const copy = document.body.cloneNode(true);
      copy.querySelectorAll('input[type=hidden], .account-bar span, time').forEach(element => element.remove());
      const main = copy.querySelector('main');
      const own = main ? main.outerHTML : '';
      if (main) { main.remove(); }
      return [location.pathname + location.search + own, copy.innerHTML.replaceAll(location.pathname.slice(3), '')];
    },

    // One line for each form that a person writes into: where it goes without its ids, and its fields. Forms without a field to write into are empty lines.
    forms() {
      return [...document.querySelectorAll('main form')].map(form => {
        const fields = [...form.elements].filter(field => field.name && !['hidden', 'submit', 'button', 'file'].includes(field.type));
        const isWritten = form.getAttribute('method') === 'post' && fields.some(field => !['checkbox', 'radio'].includes(field.type));
        return isWritten ? new URL(form.getAttribute('action') || '', location.href).pathname.slice(3).replace(/[^/]*[0-9][^/]*/g, '*') + ' ' + fields.map(field => field.name.replace(/[0-9]+/g, '*')).join(' ') : '';
      });
    },

    // Words where numbers and days belong, the last of each list, nothing ticked; past what the browser itself would refuse.
    sendNonsense(index) {
      const form = document.querySelectorAll('main form')[index];
      form.closest('details')?.setAttribute('open', '');
      for (const field of form.elements) {
        if (field.tagName === 'SELECT') { field.selectedIndex = field.options.length - 1; }
        else if (['checkbox', 'radio'].includes(field.type)) { field.checked = false; }
        else if (field.tagName === 'TEXTAREA' || (field.tagName === 'INPUT' && !['hidden', 'submit', 'button', 'file'].includes(field.type))) {
          if (field.tagName === 'INPUT') { field.type = 'text'; }
          field.removeAttribute('maxlength');
          field.value = 'mañana <b>doce</b> y media, o 1e999';
        }
      }

      form.setAttribute('novalidate', '');
      window.isSent = true;
      (form.querySelector('button:not([type=button]), input[type=submit]') || form).click();
    },

    async axe(only) {
      const result = await window.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
      return result.violations.flatMap(rule => rule.nodes.slice(0, 3)
        .map(node => `${rule.id}: ${node.target.join(' ')} ${(node.any[0] || node.all[0] || node.none[0] || {}).message || rule.help}`));
    },
  };
})();
